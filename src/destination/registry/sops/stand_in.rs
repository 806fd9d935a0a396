//! A stand-in for `sops`, for the suite that all destinations pass: values are encoded, not encrypted.

use serde_json::{Map, Value, json};

/// The start and the end of a value.
const START: &str = "ENC[";
const END: &str = ",type:str]";

/// A program that takes the arguments of `sops` and "encrypts" by a prefix, for the suite that all destinations pass.
pub(super) const PROGRAM: &str = r#"exec perl -e '
my ($command, @rest) = @ARGV;
my ($name) = join(" ", @rest) =~ /\["(.*)"\]/;
sub text { local $/; open my $file, "<", $_[0] or die; <$file> }
sub change {
    my ($path, $new) = @_;
    my $text = text($path);
    $text =~ s/^ "$name": .*\n/$new/m or $text =~ s/^( "sops")/$new$1/m;
    $text =~ s/("mac": "ENC\[)(\d+)/$1 . ($2 + 1)/e;
    open my $file, ">", $path or die;
    print $file $text;
}
if ($command eq "--version") { print "sops 3.11.0\n" }
elsif ($command eq "set" and $rest[0] eq "--value-stdin") {
    my $value = unpack "H*", substr(do { local $/; <STDIN> }, 1, -1);
    change($rest[1], " \"$name\": \"ENC[$value,type:str]\",\n");
}
elsif ($command eq "unset") { change($rest[0], "") }
elsif ($command eq "decrypt" and $rest[0] eq "--extract") {
    print pack "H*", text($rest[2]) =~ /^ "$name": "ENC\[(.*),type:str\]"/m;
}
else { die "unknown arguments" }' -- "$@""#;

/// A file of the stand-in with another entry.
pub(super) const EMPTY: &str =
    "{\n \"a\": \"ENC[31,type:str]\",\n \"sops\": {\n  \"mac\": \"ENC[0,type:str]\"\n }\n}\n";

/// Returns the text of an object of strings as the stand-in keeps it.
pub(super) fn encrypted(text: &str) -> String {
    let mut document: Map<String, Value> = serde_json::from_str(text).unwrap();
    for value in document.values_mut() {
        if let Value::String(text) = value {
            let hex = crate::core::encoding::to_hex(text.as_bytes());
            *value = format!("ENC[{hex},type:str]").into();
        }
    }
    document.insert("sops".to_owned(), json!({"mac": "ENC[0,type:str]"}));
    let mut text = Vec::new();
    let format = serde_json::ser::PrettyFormatter::with_indent(b" ");
    let mut writer = serde_json::Serializer::with_formatter(&mut text, format);
    serde::Serialize::serialize(&document, &mut writer).unwrap();
    String::from_utf8(text).unwrap() + "\n"
}

/// Returns the object of strings that the stand-in keeps as `text`.
pub(super) fn decrypted(text: &str) -> String {
    let mut document: Map<String, Value> = serde_json::from_str(text).unwrap();
    document.remove("sops");
    for value in document.values_mut() {
        if let Value::String(text) = value
            && text.starts_with(START)
            && text.ends_with(END)
        {
            let hex = text.trim_start_matches(START).trim_end_matches(END);
            let bytes = (0..hex.len()).step_by(2);
            let bytes = bytes.map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap());
            *value = String::from_utf8(bytes.collect()).unwrap().into();
        }
    }
    serde_json::to_string(&document).unwrap()
}
