//! Opens an address in a browser, where there is one.

use super::Context;
use crate::platform::{Env, Platform};

/// The way to a browser.
#[derive(Debug, PartialEq, Eq)]
enum BrowserChoice {
    /// These programs, the preferred one first: their words, to which the address is added if no word is `%s`.
    Programs(Vec<Vec<String>>),
    /// There is none, for this reason.
    None(&'static str),
}

const NO_PROGRAM: &str = "no program opens one here";

/// A system, as far as its browsers are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum System {
    Mac,
    Windows,
    Other,
}

impl System {
    const HERE: System = if cfg!(target_os = "macos") {
        System::Mac
    } else if cfg!(windows) {
        System::Windows
    } else {
        System::Other
    };
}

/// Returns the reason why no browser can be opened here, if none can.
pub(super) fn missing(platform: &Platform) -> Option<&'static str> {
    match choice(&platform.env, System::HERE) {
        BrowserChoice::None(why) => Some(why),
        BrowserChoice::Programs(programs) => {
            let mut names = programs.iter().filter_map(|words| words.first());
            let is_there = names.any(|name| platform.programs.which(name).is_some());
            (!is_there).then_some(NO_PROGRAM)
        }
    }
}

/// Opens an address in a browser; the error is the reason why there is none.
pub(super) fn open(platform: &Platform, address: &str) -> Result<(), &'static str> {
    let programs = match choice(&platform.env, System::HERE) {
        BrowserChoice::Programs(programs) => programs,
        BrowserChoice::None(why) => return Err(why),
    };
    let words = programs.into_iter().find(|words| {
        let name = words.first().map_or("", String::as_str);
        platform.programs.which(name).is_some()
    });
    let words = with_address(words.ok_or(NO_PROGRAM)?, address);
    let started = platform.programs.start(&words);
    started.map_err(|_| "its program could not be started")
}

/// Opens a page for you, or says where it is.
pub(super) fn show_page(context: &Context<'_>, page: &str) {
    match open(context.platform, page) {
        Ok(()) => context.log.note(&format!("opened {page}")),
        Err(why) => context.show(&format!("no browser can be opened ({why}); go to: {page}")),
    }
}

/// Returns the words of a program with the address in them.
fn with_address(words: Vec<String>, address: &str) -> Vec<String> {
    let is_named = words.iter().any(|word| word.contains("%s"));
    let further = (!is_named).then(|| address.to_owned());
    let filled = words.into_iter().map(|word| word.replace("%s", address));
    filled.chain(further).collect()
}

/// Returns the way to a browser that an environment describes.
fn choice(env: &Env, system: System) -> BrowserChoice {
    // Somebody who names a browser has one, over SSH as well.
    if let Some(named) = env.get("BROWSER") {
        let programs = named.split(':').filter_map(|line| {
            let words = shell_words::split(line).ok()?;
            (!words.is_empty()).then_some(words)
        });
        return BrowserChoice::Programs(programs.collect());
    }
    let has_display = env.get("DISPLAY").is_some() || env.get("WAYLAND_DISPLAY").is_some();
    let is_remote = ["SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"]
        .iter()
        .any(|name| env.get(name).is_some());
    if env.flag("CI") {
        return BrowserChoice::None("this is a CI job");
    }
    if is_remote && !has_display {
        return BrowserChoice::None("this is an SSH session");
    }
    let is_wsl = env.get("WSL_DISTRO_NAME").is_some() || env.get("WSL_INTEROP").is_some();
    let programs: &[&[&str]] = match system {
        System::Mac => &[&["open"]],
        System::Windows => &[&["rundll32", "url.dll,FileProtocolHandler"]],
        System::Other if is_wsl => &[&["wslview"], &["xdg-open"]],
        System::Other if has_display => &[&["xdg-open"]],
        System::Other => return BrowserChoice::None("there is no display"),
    };
    let words = |words: &&[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    BrowserChoice::Programs(programs.iter().map(words).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(pairs: &[(&str, &str)], system: System) -> String {
        let pairs = pairs.iter();
        let env = Env::new(pairs.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        match choice(&env, system) {
            BrowserChoice::None(why) => why.to_owned(),
            BrowserChoice::Programs(programs) => {
                let lines = programs.iter().map(|words| words.join(" "));
                lines.collect::<Vec<_>>().join(" | ")
            }
        }
    }

    #[test]
    fn browser_choice_follows_environment() {
        let display = ("DISPLAY", ":0");
        let ssh = ("SSH_CONNECTION", "192.0.2.1 5 192.0.2.2 22");
        for (env, system, expected) in [
            (&[][..], System::Other, "there is no display"),
            (&[display], System::Other, "xdg-open"),
            (&[("WAYLAND_DISPLAY", "w")], System::Other, "xdg-open"),
            (&[ssh], System::Other, "this is an SSH session"),
            (&[ssh], System::Mac, "this is an SSH session"),
            (&[ssh, display], System::Other, "xdg-open"),
            (
                &[display, ("CI", "true")],
                System::Other,
                "this is a CI job",
            ),
            (
                &[("WSL_DISTRO_NAME", "x")],
                System::Other,
                "wslview | xdg-open",
            ),
            (&[], System::Mac, "open"),
            (&[], System::Windows, "rundll32 url.dll,FileProtocolHandler"),
            (
                &[("BROWSER", "firefox -new-tab '%s':w3m"), ssh],
                System::Other,
                "firefox -new-tab %s | w3m",
            ),
        ] {
            assert_eq!(chosen(env, system), expected, "{env:?}");
        }
    }

    #[test]
    fn browser_gets_address_as_one_word() {
        let words = |words: &[&str]| {
            let words = words.iter().map(|word| (*word).to_owned()).collect();
            with_address(words, "https://x.example/?a=1&b=$(c)")
        };
        assert_eq!(words(&["w3m"]), ["w3m", "https://x.example/?a=1&b=$(c)"]);
        assert_eq!(
            words(&["firefox", "-url=%s"]),
            ["firefox", "-url=https://x.example/?a=1&b=$(c)"]
        );
    }
}
