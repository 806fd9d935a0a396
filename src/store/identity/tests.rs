use super::*;
use crate::store::test_world;

const PASSPHRASE: &str = "fake correct horse battery";

fn refusal(result: Result<Zeroizing<Vec<u8>>, DecryptFailure>) -> DecryptFailure {
    result.map(|_| ()).unwrap_err()
}

#[test]
fn decrypt_with_wrong_key_is_refused() {
    let (mine, text) = Identity::generate("a test");
    let (other, _) = Identity::generate("a test");
    let phrase = Identity::passphrase(Secret::new(PASSPHRASE), "a test");
    let wrong = Identity::passphrase(Secret::new("fake other phrase"), "a test");

    let for_key = mine.encrypt(b"fake").unwrap();
    assert_eq!(key_kind(&for_key), Some(KeyKind::Identity));
    let again = Identity::x25519(&text, "a test").unwrap();
    assert_eq!(*again.decrypt(&for_key).unwrap(), b"fake");
    assert!(matches!(
        refusal(other.decrypt(&for_key)),
        DecryptFailure::WrongKey
    ));
    assert!(matches!(
        refusal(phrase.decrypt(&for_key)),
        DecryptFailure::OtherLock(KeyKind::Identity)
    ));

    let for_phrase = phrase.encrypt(b"fake").unwrap();
    assert_eq!(key_kind(&for_phrase), Some(KeyKind::Passphrase));
    assert_eq!(*phrase.decrypt(&for_phrase).unwrap(), b"fake");
    assert!(matches!(
        refusal(wrong.decrypt(&for_phrase)),
        DecryptFailure::WrongKey
    ));
    assert!(matches!(
        refusal(mine.decrypt(&for_phrase)),
        DecryptFailure::OtherLock(KeyKind::Passphrase)
    ));
    let header = String::from_utf8_lossy(&for_phrase[..120]).into_owned();
    let stanza = header.lines().nth(1).unwrap();
    assert!(stanza.ends_with(" 16"), "{stanza}");
}

#[test]
fn decrypt_excessive_work_factor_is_refused() {
    let mut heavy = scrypt::Recipient::new(SecretString::from(PASSPHRASE));
    heavy.set_work_factor(10);
    let cipher = age::encrypt(&heavy, b"fake").unwrap();
    let text = String::from_utf8_lossy(&cipher).into_owned();
    let at = text.find(" 10\n").unwrap();
    let mut cipher = cipher;
    cipher[at + 1..at + 3].copy_from_slice(b"19");
    let phrase = Identity::passphrase(Secret::new(PASSPHRASE), "a test");
    assert!(matches!(
        refusal(phrase.decrypt(&cipher)),
        DecryptFailure::TooMuchWork(19)
    ));
}

#[test]
fn several_identities_all_decrypt() {
    let (old, old_text) = Identity::generate("a test");
    let (new, new_text) = Identity::generate("a test");
    let both = Secret::new(format!(
        "# old\n{}\n\n# new\n{}\n",
        old_text.expose(),
        new_text.expose()
    ));
    let both = Identity::x25519(&both, "a test").unwrap();
    assert_eq!(
        *both.decrypt(&old.encrypt(b"fake").unwrap()).unwrap(),
        b"fake"
    );
    let cipher = both.encrypt(b"fake").unwrap();
    assert_eq!(*old.decrypt(&cipher).unwrap(), b"fake");
    assert_eq!(*new.decrypt(&cipher).unwrap(), b"fake");
}

#[test]
fn invalid_identity_is_not_printed() {
    for text in [
        "",
        "# only a comment",
        "AGE-SECRET-KEY-1FAKELEAK",
        "fake-leak",
    ] {
        let error = Identity::x25519(&Secret::new(text), "KEYWRIGHT_STORE_KEY")
            .map(|_| ())
            .unwrap_err();
        assert_eq!(
            error.message(),
            "KEYWRIGHT_STORE_KEY holds no age X25519 identity"
        );
        assert!(!error.hints().concat().contains("LEAK"));
    }
}

#[test]
fn identity_source_precedence_first_wins() {
    let folder = test_world::folder();
    let (_, text) = Identity::generate("a test");
    let key_file = folder.write("key", &format!("# a comment\n{}\n", text.expose()));
    folder.write("keywright-store-key", text.expose());
    let phrase_file = folder.write("phrase", "fake phrase\r\nsecond line\n");
    let here = folder.path.display().to_string();
    let sources = [
        ("KEYWRIGHT_STORE_KEY_FILE", key_file.as_str()),
        ("KEYWRIGHT_STORE_KEY", text.expose()),
        ("CREDENTIALS_DIRECTORY", here.as_str()),
        ("KEYWRIGHT_PASSPHRASE_FILE", phrase_file.as_str()),
        ("KEYWRIGHT_PASSPHRASE", "fake phrase"),
    ];
    let mut platform = test_world::platform(&folder, &[]);
    for (name, value) in sources.iter().rev() {
        platform.env = platform.env.with(name, *value);
        let mut notices = Vec::new();
        let found = from_environment(&platform, &mut notices).unwrap().unwrap();
        assert!(
            found.source == *name || found.source.contains("keywright-store-key"),
            "{name}: {}",
            found.source
        );
        assert_eq!(notices, Vec::<String>::new());
        if let IdentityKey::Passphrase(value) = &found.key {
            assert_eq!(value.expose(), "fake phrase");
        }
    }
}

#[cfg(unix)]
#[test]
fn passphrase_descriptor_is_read_once() {
    use std::io::Write;
    use std::os::fd::AsRawFd;

    let (reader, mut writer) = std::io::pipe().unwrap();
    writer.write_all(b"fake phrase\nmore\n").unwrap();
    drop(writer);
    let folder = test_world::folder();
    let number = reader.as_raw_fd().to_string();
    let platform = test_world::platform(&folder, &[("KEYWRIGHT_PASSPHRASE_FD", &number)]);
    // A pipe has its text once, and each store that is opened asks for it.
    for platform in [platform.clone(), platform] {
        let found = from_environment(&platform, &mut Vec::new())
            .unwrap()
            .unwrap();
        assert_eq!(found.source, "KEYWRIGHT_PASSPHRASE_FD");
        assert!(matches!(&found.key, IdentityKey::Passphrase(value)
            if value.expose() == "fake phrase"));
    }
}

#[test]
fn missing_key_file_is_error() {
    let folder = test_world::folder();
    for name in ["KEYWRIGHT_STORE_KEY_FILE", "KEYWRIGHT_PASSPHRASE_FILE"] {
        let platform = test_world::platform(
            &folder,
            &[(name, "absent"), ("KEYWRIGHT_PASSPHRASE", "fake phrase")],
        );
        let error = from_environment(&platform, &mut Vec::new())
            .map(|_| ())
            .unwrap_err();
        assert!(error.message().contains(name), "{error}");
    }
}
