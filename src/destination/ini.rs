//! Reads files of sections and lines `name = value`, as tools write them.

use serde_json::{Map, Value};

/// Returns an object with a member for each section, and in it one for each line, by its name in small letters. Lines
/// before the first section are members themselves; indented lines belong to another value, and are left out.
pub(super) fn read(text: &str) -> Value {
    let mut whole = Map::new();
    let mut section: Option<String> = None;
    for line in text.trim_start_matches('\u{feff}').lines() {
        if line.starts_with(['#', ';', ' ', '\t']) {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            section = Some(name.0.trim().to_owned());
        } else if let Some((name, value)) = line.split_once('=') {
            let name = name.trim().to_ascii_lowercase();
            if name.is_empty() {
                continue;
            }
            let value = Value::from(value.trim());
            match &section {
                None => {
                    whole.insert(name, value);
                }
                Some(section) => {
                    let entry = whole
                        .entry(section.as_str())
                        .or_insert_with(|| Map::new().into());
                    if let Value::Object(entries) = entry {
                        entries.insert(name, value);
                    }
                }
            }
        }
    }
    Value::Object(whole)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ini_sections_become_objects() {
        let text = "\u{feff}# note\r\ntop = 1\r\n[default]\r\nAWS_ACCESS_KEY_ID = AKIAFAKE\r\naws_secret_access_key=a=b/c+d\r\ns3 =\r\n    max = 2\r\n; note\r\n\r\n[ two words ]\r\nname=x\r\n[default]\r\nlate = y\r\n";
        let wanted = json!({
            "top": "1",
            "default": {
                "aws_access_key_id": "AKIAFAKE",
                "aws_secret_access_key": "a=b/c+d",
                "s3": "",
                "late": "y",
            },
            "two words": { "name": "x" },
        });
        assert_eq!(read(text), wanted);
    }

    #[test]
    fn ini_odd_lines_are_left_out() {
        assert_eq!(
            read("[open\nno value\n=\n[]\nx=1"),
            json!({ "": { "x": "1" } })
        );
    }
}
