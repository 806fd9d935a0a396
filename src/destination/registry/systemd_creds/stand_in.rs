//! A stand-in for `systemd-creds`, for the suite that all destinations pass: values are encoded, not encrypted.

/// A program that takes the arguments of `systemd-creds` and "encrypts" by hexadecimal digits behind the name.
pub(super) const PROGRAM: &str = r#"exec perl -e '
my ($verb, $name, $from, $to) = @ARGV;
$name =~ s/^--name=// and $from eq "-" and $to eq "-" or die "unknown arguments";
my $text = do { local $/; <STDIN> } // "";
if ($verb eq "encrypt") { print "$name\n", unpack("H*", $text), "\n" }
elsif ($text =~ /^$name\n(.*)\n$/) { print pack "H*", $1 }
else { die "it is not encrypted for $name" }' -- "$@""#;

/// Returns the value of a credential that the stand-in encrypted.
pub(super) fn decrypted(text: &str) -> String {
    let hex = text.lines().nth(1).unwrap_or_default();
    let bytes = (0..hex.len()).step_by(2);
    let bytes = bytes.map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap());
    String::from_utf8(bytes.collect()).unwrap()
}

/// Returns a value as the stand-in writes it.
pub(super) fn encrypted(value: &str) -> String {
    let hex = crate::core::encoding::to_hex(value.as_bytes());
    format!("app-key\n{hex}\n")
}
