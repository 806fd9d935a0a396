//! Questions at a terminal: read key by key, drawn in place, and put away without a trace.

mod device;
mod hidden;
mod keys;
mod line;
mod picker;
mod screen;

use std::io;

use zeroize::Zeroizing;

use self::device::{Device, Event};
use self::hidden::HiddenInput;
use self::keys::{Key, KeyDecoder};
use self::line::LineInput;
use self::picker::{Choice, Picker};
use self::screen::{Frame, Screen};
use super::super::{CheckAnswer, LineQuestion, reason};
use super::look::{Look, wrapped};
use super::signal_guard;
use crate::core::error::{Error, Result};
use crate::core::secret::Secret;

pub(super) use self::device::{EchoOff, hear_signals, input, output};

/// Returns whether the terminal has settings that a signal must not leave behind.
pub(super) fn is_terminal_changed() -> bool {
    device::is_altered()
}

/// The effect of a key.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    More,
    Done,
    Cancelled,
    /// The input cannot be taken; it begins anew.
    Refused(&'static str),
}

/// A question while it is answered.
trait Editor {
    fn key(&mut self, key: Key) -> Step;
    /// Nothing followed for a while.
    fn idle(&mut self) -> Step {
        Step::More
    }
    /// Returns its lines on a screen of `rows` and `columns`.
    fn frame(&mut self, look: Look, size: (usize, usize)) -> Frame;
    /// Returns the line that stays; none if nothing does.
    fn trail(&self, look: Look, columns: usize) -> Option<String>;
}

/// Says that an empty answer is none.
const NEEDED: &str = "an answer is needed, or Ctrl-C to cancel";

/// Asks for a secret until something is typed.
pub(super) fn secret(look: Look, prompt: &str) -> Result<Secret> {
    let mut problem = "";
    loop {
        let prompt = Prompt {
            text: prompt,
            problem,
        };
        let mut question = HiddenQuestion {
            prompt,
            input: HiddenInput::new(),
        };
        problem = match ask(look, &mut question, false)? {
            Some(why) => why,
            None if question.is_empty() => NEEDED,
            None => return Ok(Secret::pasted(question.input.text())),
        };
    }
}

/// Asks for a line of text until `check` takes it; a wrong answer can be corrected.
pub(super) fn line(look: Look, asked: &LineQuestion<'_>, check: CheckAnswer<'_>) -> Result<()> {
    line_or_word(look, asked, true, check)
}

fn line_or_word(
    look: Look,
    asked: &LineQuestion<'_>,
    is_corrected: bool,
    check: CheckAnswer<'_>,
) -> Result<()> {
    let (mut typed, mut problem) = (asked.typed.to_owned(), String::new());
    loop {
        let mut question = TextQuestion {
            prompt: Prompt {
                text: asked.prompt,
                problem: &problem,
            },
            line: LineInput::new(&typed),
            problem: None,
            optional: asked.optional,
            empty: if is_corrected { "-" } else { "no" },
            check: &mut *check,
        };
        let refused = ask(look, &mut question, false)?;
        if is_corrected {
            typed = question.line.text();
        }
        problem = match refused.map(str::to_owned).or(question.problem) {
            Some(why) => why,
            None => return Ok(()),
        };
    }
}

/// Asks a question that is "no" unless answered with "yes".
pub(super) fn confirm(look: Look, prompt: &str) -> Result<bool> {
    let question = LineQuestion {
        prompt: &format!("{prompt} [y/N]"),
        optional: true,
        typed: "",
    };
    let mut agreed = false;
    line_or_word(look, &question, false, &mut |text| {
        agreed = match text.trim().to_lowercase().as_str() {
            "y" | "yes" => true,
            "n" | "no" | "" => false,
            _ => return Err(Error::usage("type y for yes or n for no, then Enter")),
        };
        Ok(())
    })?;
    Ok(agreed)
}

/// Asks to choose one of `items`; returns its index.
pub(super) fn choose(look: Look, prompt: &str, items: &[String]) -> Result<usize> {
    let chosen = pick(look, prompt, items, Choice::One)?;
    chosen.first().copied().ok_or_else(Error::cancelled)
}

/// Asks to choose some of `items`; returns their indices.
pub(super) fn choose_many(
    look: Look,
    prompt: &str,
    items: &[String],
    may_be_none: bool,
) -> Result<Vec<usize>> {
    let choice = if may_be_none {
        Choice::Any
    } else {
        Choice::Several
    };
    pick(look, prompt, items, choice)
}

fn pick(look: Look, prompt: &str, items: &[String], choice: Choice) -> Result<Vec<usize>> {
    if look.dumb {
        return pick_by_number(look, prompt, items, choice);
    }
    let mut question = MenuQuestion {
        prompt,
        items,
        picker: Picker::new(prompt, items, choice),
    };
    ask(look, &mut question, true)?;
    question.picker.answer().ok_or_else(Error::cancelled)
}

/// A terminal that knows no cursor shows a list with numbers.
fn pick_by_number(
    look: Look,
    prompt: &str,
    items: &[String],
    choice: Choice,
) -> Result<Vec<usize>> {
    let numbered = items.iter().enumerate();
    let list: Vec<String> = numbered
        .map(|(number, item)| format!("{:>3}  {item}\r\n", number + 1))
        .collect();
    let list = list.concat();
    {
        use std::io::Write;
        let written = output().and_then(|mut output| output.write_all(list.as_bytes()));
        written.map_err(not_asked)?;
    }
    let how = if choice == Choice::One {
        "number"
    } else {
        "numbers"
    };
    let prompt = format!("{prompt} ({how})");
    let question = LineQuestion {
        prompt: &prompt,
        optional: choice == Choice::Any,
        typed: "",
    };
    let mut chosen = Vec::new();
    line(look, &question, &mut |text| {
        chosen = numbers(text, items.len())?;
        if choice == Choice::One && chosen.len() != 1 {
            return Err(Error::usage("type one number"));
        }
        Ok(())
    })?;
    Ok(chosen)
}

fn numbers(typed: &str, count: usize) -> Result<Vec<usize>> {
    let words = typed.split([' ', ',']).filter(|word| !word.is_empty());
    words
        .map(|word| match word.parse::<usize>() {
            Ok(number @ 1..) if number <= count => Ok(number - 1),
            _ => Err(Error::usage(format!(
                "`{word}` is not a number from 1 to {count}"
            ))),
        })
        .collect()
}

/// Asks until the answer is there; returns why it cannot be taken, if so.
fn ask(look: Look, editor: &mut dyn Editor, is_menu: bool) -> Result<Option<&'static str>> {
    // A signal that waited for a response ends the command now.
    if signal_guard::deferred().is_some() {
        return Err(Error::cancelled());
    }
    let mut device = Device::open(!look.dumb, is_menu).map_err(not_asked)?;
    let step = answered(look, editor, &mut device);
    device.drain();
    step.and_then(|step| match step {
        Step::Refused(why) => Ok(Some(why)),
        Step::Cancelled => Err(Error::cancelled()),
        Step::Done | Step::More => Ok(None),
    })
}

fn answered(look: Look, editor: &mut dyn Editor, device: &mut Device) -> Result<Step> {
    let mut decoder = KeyDecoder::default();
    let mut screen = Screen::new(look);
    let mut buffer = Zeroizing::new([0; 4096]);
    let mut drawn = None;
    let mut in_burst = false;
    let step = loop {
        let size = device.size();
        let frame = editor.frame(look, size);
        if drawn.as_ref() != Some(&frame) {
            device
                .write(&screen.draw(&frame, size.1))
                .map_err(not_asked)?;
            drawn = Some(frame);
        }
        match device.next(&mut *buffer, in_burst).map_err(not_asked)? {
            Event::Bytes(count) => {
                in_burst = true;
                let mut keys = buffer[..count]
                    .iter()
                    .filter_map(|byte| decoder.push(*byte));
                let step =
                    keys.find_map(|key| Some(editor.key(key)).filter(|step| *step != Step::More));
                if let Some(step) = step {
                    break step;
                }
            }
            Event::Idle => {
                in_burst = false;
                let key = decoder.idle().map(|key| editor.key(key));
                let step = key
                    .filter(|step| *step != Step::More)
                    .unwrap_or_else(|| editor.idle());
                if step != Step::More {
                    break step;
                }
            }
            Event::Cancelled => break Step::Cancelled,
            Event::Resized => drawn = None,
            Event::Continued => {
                screen.forget();
                drawn = None;
            }
        }
    };
    let columns = device.size().1;
    let mut last = screen.erase(columns);
    let trail = if step == Step::Done {
        editor.trail(look, columns)
    } else {
        None
    };
    match trail {
        Some(trail) => last.extend([trail.as_str(), "\r\n"]),
        None if look.dumb => last.push_str("\r\n"),
        None => {}
    }
    // The answer is there, whatever becomes of its trail.
    let _ = device.write(&last);
    Ok(step)
}

/// The words before an answer.
struct Prompt<'a> {
    text: &'a str,
    /// The reason why the answer before was none.
    problem: &'a str,
}

impl Prompt<'_> {
    /// Returns the lines above the answer, and what stands before it in its own line.
    fn lines(&self, look: Look, columns: usize) -> (Vec<String>, String, usize) {
        let width = columns.saturating_sub(1).max(8);
        let mut lines = Vec::new();
        for line in self.problem.lines() {
            lines.extend(wrapped(line, width).iter().map(|line| look.reason(line)));
        }
        let asked = wrapped(self.text, width.saturating_sub(4));
        let used = console::measure_text_width(self.text) + 4;
        if asked.len() == 1 && used + MIN_ANSWER_COLUMNS <= width {
            let head = format!("{} {} {} ", look.asks(), look.bold(self.text), look.arrow());
            return (lines, head, width.saturating_sub(used));
        }
        let marks = std::iter::once(look.asks()).chain(std::iter::repeat(" ".to_owned()));
        lines.extend(
            asked
                .iter()
                .zip(marks)
                .map(|(line, mark)| format!("{mark} {}", look.bold(line))),
        );
        (lines, format!("{} ", look.arrow()), width.saturating_sub(2))
    }

    fn trail(&self, look: Look, columns: usize, answer: &str) -> String {
        let width = columns.saturating_sub(1);
        let kept = console::measure_text_width(answer).min(width / 2);
        let prompt = look.cut(self.text, width.saturating_sub(5 + kept));
        let room = width.saturating_sub(5 + console::measure_text_width(&prompt));
        let middle = look.dim(&look.sign('·', '-').to_string());
        let answer = look.paint("36", &look.cut(answer, room));
        format!("{} {} {middle} {answer}", look.done(), look.bold(&prompt))
    }
}

/// Less room than this for an answer gives it a line of its own.
const MIN_ANSWER_COLUMNS: usize = 16;

struct HiddenQuestion<'a> {
    prompt: Prompt<'a>,
    input: HiddenInput,
}

impl HiddenQuestion<'_> {
    fn is_empty(&self) -> bool {
        self.input.text().trim().is_empty()
    }
}

impl Editor for HiddenQuestion<'_> {
    fn key(&mut self, key: Key) -> Step {
        self.input.key(key)
    }

    fn idle(&mut self) -> Step {
        self.input.idle()
    }

    fn frame(&mut self, look: Look, (_, columns): (usize, usize)) -> Frame {
        let (mut lines, head, room) = self.prompt.lines(look, columns);
        let shown = look.cut(&self.input.shown(look.bullet()), room);
        lines.push(format!("{head}{shown}"));
        Frame { lines, back: 0 }
    }

    fn trail(&self, look: Look, columns: usize) -> Option<String> {
        if self.is_empty() {
            return None;
        }
        // The length of what was typed key by key is not told.
        let count = self.input.pasted_count();
        let answer = count.map_or("hidden".to_owned(), |count| {
            format!("hidden, {count} characters")
        });
        Some(self.prompt.trail(look, columns, &answer))
    }
}

struct TextQuestion<'a, 'c> {
    prompt: Prompt<'a>,
    line: LineInput,
    optional: bool,
    /// The text that stays on the screen for an empty answer.
    empty: &'static str,
    check: CheckAnswer<'c>,
    /// The reason why the answer is none.
    problem: Option<String>,
}

impl Editor for TextQuestion<'_, '_> {
    fn key(&mut self, key: Key) -> Step {
        let step = self.line.key(&key);
        if step == Step::Done {
            let text = self.line.text();
            self.problem = if text.trim().is_empty() && !self.optional {
                Some(NEEDED.to_owned())
            } else {
                (self.check)(&text).err().map(|error| reason(&error))
            };
        }
        step
    }

    fn frame(&mut self, look: Look, (_, columns): (usize, usize)) -> Frame {
        let (mut lines, head, room) = self.prompt.lines(look, columns);
        let (before, after) = self.line.halves();
        let after = look.cut(&after, room / 3);
        let back = console::measure_text_width(&after);
        let before = look.cut_start(&before, room.saturating_sub(back));
        lines.push(format!("{head}{before}{after}"));
        Frame { lines, back }
    }

    fn trail(&self, look: Look, columns: usize) -> Option<String> {
        if self.problem.is_some() {
            return None;
        }
        let text = self.line.text();
        let text = match text.trim() {
            "" => self.empty,
            text => text,
        };
        Some(self.prompt.trail(look, columns, text))
    }
}

struct MenuQuestion<'a> {
    prompt: &'a str,
    items: &'a [String],
    picker: Picker<'a>,
}

impl Editor for MenuQuestion<'_> {
    fn key(&mut self, key: Key) -> Step {
        self.picker.key(key)
    }

    fn frame(&mut self, look: Look, size: (usize, usize)) -> Frame {
        self.picker.frame(look, size)
    }

    fn trail(&self, look: Look, columns: usize) -> Option<String> {
        let chosen = self.picker.answer()?;
        let names: Vec<&str> = chosen
            .iter()
            // A name is followed by what describes it.
            .map(|index| self.items[*index].split("  ").next().unwrap_or_default())
            .collect();
        let prompt = Prompt {
            text: self.prompt,
            problem: "",
        };
        Some(prompt.trail(look, columns, &names.join(", ")))
    }
}

fn not_asked(error: io::Error) -> Error {
    Error::usage("the question could not be asked").caused_by(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trail_keeps_answer_on_narrow_screen() {
        let look = Look {
            color: false,
            unicode: false,
            dumb: false,
        };
        let prompt = Prompt {
            text: "Revoke the key of the production backend at once? [y/N]",
            problem: "",
        };
        for (columns, answer, shown) in [
            (40, "yes", "+ Revoke the key of the producti~ - yes"),
            (20, "a longer answer", "+ Revo~ - a longer~"),
            (8, "y", "+ ~ - y"),
        ] {
            assert_eq!(prompt.trail(look, columns, answer), shown, "{columns}");
        }
    }
}
