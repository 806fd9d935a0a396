//! XML responses as JSON, so that JSON Pointers read them.
//!
//! The root element is the only member of an object. An element with nothing in it is `null`, one with text alone is
//! that text; one whose children are all named `member` or all `item` is a list of them; any other is an object with a
//! member for each name, a list if the name is there several times. An attribute is a member `@NAME`, and text beside
//! attributes or children is `#text`. Prefixes and declarations of namespaces are left out. A document type is
//! refused, and so is every entity but the predefined ones.

use roxmltree::{Document, Node, ParsingOptions};
use serde_json::{Map, Value};

use super::errors::looks_like_html;

/// The deepest nesting of elements that is read.
const MAX_DEPTH: usize = 64;

/// The most elements, attributes and texts that are read.
const MAX_NODES: u32 = 200_000;

/// The names of the elements of a list.
const LIST_ITEMS: [&str; 2] = ["member", "item"];

/// Returns a response in XML as JSON: one that the media type or its own first line calls XML, or whose first element
/// names its namespace. A web page is none.
pub fn from_xml(text: &str, media_type: Option<&str>) -> Option<Value> {
    let text = text.trim_start_matches('\u{feff}').trim();
    if !text.starts_with('<') || looks_like_html(text) {
        return None;
    }
    let media_type = media_type.unwrap_or_default().to_ascii_lowercase();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    let is_said = media_type.ends_with("/xml") || media_type.ends_with("+xml");
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: MAX_NODES,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(text, options).ok()?;
    let root = document.root_element();
    let is_shown = text.starts_with("<?xml") || root.tag_name().namespace().is_some();
    if !is_said && !is_shown {
        return None;
    }
    let mut whole = Map::new();
    whole.insert(root.tag_name().name().to_owned(), value(root, 1)?);
    Some(Value::Object(whole))
}

/// Returns the JSON of an element; `None` if it is nested too deeply.
fn value(element: Node<'_, '_>, depth: usize) -> Option<Value> {
    if depth > MAX_DEPTH {
        return None;
    }
    let children: Vec<Node<'_, '_>> = element.children().filter(Node::is_element).collect();
    let texts = element.children().filter(Node::is_text);
    let text: String = texts.filter_map(|text| text.text()).collect();
    let has_attributes = element.attributes().len() > 0;
    if children.is_empty() && !has_attributes {
        let text = Some(text).filter(|text| !text.is_empty());
        return Some(text.map_or(Value::Null, Value::String));
    }
    let mut members: Map<String, Value> = Map::new();
    for attribute in element.attributes() {
        let name = format!("@{}", attribute.name());
        members.insert(name, attribute.value().into());
    }
    let is_list = |name: &&&str| {
        children
            .iter()
            .all(|child| child.tag_name().name() == **name)
    };
    if !has_attributes && LIST_ITEMS.iter().find(is_list).is_some() {
        let items = children.into_iter().map(|child| value(child, depth + 1));
        return items.collect::<Option<_>>().map(Value::Array);
    }
    for child in children {
        let found = value(child, depth + 1)?;
        let named = members.entry(child.tag_name().name().to_owned());
        if let Value::Array(several) = named.or_insert_with(|| Value::Array(Vec::new())) {
            several.push(found);
        }
    }
    for member in members.values_mut() {
        if let Value::Array(several) = member
            && several.len() == 1
        {
            *member = several.remove(0);
        }
    }
    if !text.trim().is_empty() {
        members.insert("#text".to_owned(), text.into());
    }
    Some(Value::Object(members))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(text: &str) -> Option<Value> {
        from_xml(text, Some("text/xml;charset=utf-8"))
    }

    #[test]
    fn elements_become_members() {
        let text = r#"<?xml version="1.0"?>
            <ListResponse xmlns="https://example.com/doc/">
              <ListResult>
                <UserName>a &amp; b &#233;</UserName>
                <Keys><member><Id>1</Id></member></Keys>
                <None/>
                <Tags><item>a</item><item>b</item></Tags>
                <Content>1</Content><Content><![CDATA[<2>]]></Content>
                <x:Price xmlns:x="urn:x" x:unit="CHF">3<!-- francs --></x:Price>
                <IsTruncated>false</IsTruncated>
              </ListResult>
            </ListResponse>"#;
        assert_eq!(
            read(text).unwrap(),
            json!({ "ListResponse": { "ListResult": {
                "UserName": "a & b é",
                "Keys": [{ "Id": "1" }],
                "None": null,
                "Tags": ["a", "b"],
                "Content": ["1", "<2>"],
                "Price": { "@unit": "CHF", "#text": "3" },
                "IsTruncated": "false",
            } } })
        );
    }

    #[test]
    fn unsafe_xml_is_not_read() {
        for text in [
            "<!DOCTYPE a [<!ENTITY e \"x\">]><a>&e;</a>",
            "<?xml version=\"1.0\"?><!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>",
            "<a>&nbsp;</a>",
            "<a><b></a>",
            "<a/><b/>",
            "{}",
            "",
            "<?xml version=\"1.0\"?><html xmlns=\"http://www.w3.org/1999/xhtml\"/>",
            &"<a>".repeat(100_000),
            &format!("{}{}", "<a>".repeat(65), "</a>".repeat(65)),
            &format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000)),
            &format!("<a>{}</a>", "<b/>".repeat(300_000)),
        ] {
            let start: String = text.chars().take(40).collect();
            assert_eq!(read(text), None, "{start}");
        }
        assert!(read(&format!("{}{}", "<a>".repeat(60), "</a>".repeat(60))).is_some());
    }

    #[test]
    fn only_declared_xml_is_read() {
        for (text, media_type, is_xml) in [
            ("<a/>", Some("application/xml"), true),
            ("<a/>", Some("application/soap+xml"), true),
            ("<a/>", Some("text/plain"), false),
            ("<a/>", None, false),
            ("<a xmlns=\"urn:a\"/>", None, true),
            ("\u{feff}<?xml version=\"1.0\"?><a/>", None, true),
        ] {
            assert_eq!(from_xml(text, media_type).is_some(), is_xml, "{text}");
        }
    }
}
