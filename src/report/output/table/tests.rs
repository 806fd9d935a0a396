use super::super::symbols::Charset;
use super::*;

const COLUMNS: [Column; 7] = [
    Column::id("ID"),
    Column::name("NAME"),
    Column::status("STATUS"),
    Column::date("USED").optional(2),
    Column::number("REQUESTS").optional(1),
    Column::number("COST").optional(0),
    Column::advice("FIX"),
];

fn screen(width: usize) -> Screen {
    Screen {
        width,
        color: false,
        charset: Charset::Unicode,
    }
}

fn row(id: &str, name: &str, status: &str, requests: &str) -> Vec<Cell> {
    vec![
        Cell::shortened(id, &id[..8]),
        Cell::from(name),
        Cell::from(status),
        Cell::shortened("3 days ago", "3d ago"),
        Cell::from(requests),
        Cell::from("-"),
        Cell::from("revoke it: keywright keys revoke 'my key'"),
    ]
}

fn rows() -> Vec<Vec<Cell>> {
    vec![
        row(
            "63d873f7-2ff4-4699-90de-4569b32b2e9e",
            "Production backend",
            "active",
            "1284",
        ),
        row(
            "8a13d762-2ff4-4699-90de-4569b32b2e9e",
            "日本語のキー 👍",
            "revoked",
            "7",
        ),
    ]
}

#[test]
fn table_piped_keeps_every_column() {
    let rows: Vec<Vec<Cell>> = rows().into_iter().map(|row| row[1..6].to_vec()).collect();
    assert_eq!(
        plain(&COLUMNS[1..6], &rows, false),
        "NAME                STATUS   USED        REQUESTS  COST\n\
         Production backend  active   3 days ago  1284      -\n\
         日本語のキー 👍     revoked  3 days ago  7         -\n"
    );
}

#[test]
fn table_wide_terminal_shows_everything() {
    assert_eq!(
        fitting(&COLUMNS, &rows(), screen(200)),
        "ID                                    NAME                STATUS     USED        REQUESTS  FIX\n\
         63d873f7-2ff4-4699-90de-4569b32b2e9e  Production backend  ● active   3 days ago      1284  revoke it: keywright keys revoke 'my key'\n\
         8a13d762-2ff4-4699-90de-4569b32b2e9e  日本語のキー 👍     ✗ revoked  3 days ago         7  revoke it: keywright keys revoke 'my key'\n"
    );
}

#[test]
fn table_80_columns_shortens_moves_advice() {
    assert_eq!(
        fitting(&COLUMNS, &rows(), screen(80)),
        "ID        NAME                STATUS     USED        REQUESTS\n\
         63d873f7  Production backend  ● active   3 days ago      1284\n  \
         → revoke it: keywright keys revoke 'my key'\n\
         8a13d762  日本語のキー 👍     ✗ revoked  3 days ago         7\n  \
         → revoke it: keywright keys revoke 'my key'\n"
    );
}

#[test]
fn table_short_of_room_drops_columns() {
    let mut rows = rows();
    for row in &mut rows {
        row[1] = Cell::from("a name that is far too long for every terminal");
        row.truncate(6);
        row[5] = Cell::from("CHF 1234567.89");
    }
    assert_eq!(
        fitting(&COLUMNS[..6], &rows, screen(62)),
        "ID        NAME                  STATUS     USED    REQUESTS  …\n\
         63d873f7  a name that is far…   ● active   3d ago      1284\n\
         8a13d762  a name that is far…   ✗ revoked  3d ago         7\n"
    );
}

#[test]
fn table_narrow_terminal_is_cards() {
    assert_eq!(
        fitting(&COLUMNS, &rows(), screen(40)),
        "id        63d873f7\n\
         name      Production backend\n\
         status    ● active\n\
         used      3 days ago\n\
         requests  1284\n\
         fix       revoke it:\n          keywright keys revoke 'my key'\n\n\
         id        8a13d762\n\
         name      日本語のキー 👍\n\
         status    ✗ revoked\n\
         used      3 days ago\n\
         requests  7\n\
         fix       revoke it:\n          keywright keys revoke 'my key'\n"
    );
}

#[test]
fn table_colors_status_not_names() {
    let mut rows = rows();
    rows[0][1] = Cell::from("● active");
    let screen = Screen {
        color: true,
        ..screen(200)
    };
    let text = fitting(&COLUMNS[1..3], &rows_of(&rows, 1..3), screen);
    assert_eq!(
        text,
        "\u{1b}[1mNAME             STATUS\u{1b}[0m\n\
         ● active         \u{1b}[32m● active\u{1b}[0m\n\
         日本語のキー 👍  \u{1b}[31m✗ revoked\u{1b}[0m\n"
    );
}

fn rows_of(rows: &[Vec<Cell>], columns: std::ops::Range<usize>) -> Vec<Vec<Cell>> {
    rows.iter()
        .map(|row| row[columns.clone()].to_vec())
        .collect()
}

#[test]
fn table_ascii_terminal_stays_ascii() {
    let mut rows = rows();
    rows[0][1] = Cell::from("a name that is far too long for every terminal");
    rows.truncate(1);
    for width in [40, 62, 80, 200] {
        let screen = Screen {
            charset: Charset::Ascii,
            ..screen(width)
        };
        let text = fitting(&COLUMNS, &rows, screen);
        assert!(text.is_ascii(), "{text}");
        assert!(text.lines().all(|line| line.len() <= width), "{text}");
    }
}
