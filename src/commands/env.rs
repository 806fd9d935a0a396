//! `keywright env`: what `exec` would set, for the `eval` of a shell.

use clap::{Args, ValueEnum};
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::child_variables::ChildVariables;
use super::{Context, Run};
use crate::core::error::{Error, Result};
use crate::core::secret::Secret;
use crate::core::untrusted::mask_typed_secret;
use crate::destination::dotenv_line;
use crate::report::output::{Shell, assignment, is_identifier};

/// Print the environment variables that `exec` would set, for a shell to read
#[derive(Debug, Args)]
#[command(after_help = "\
The value is a secret: it stays in the environment of the shell, and of every program that the shell starts. For one
program alone, use `keywright exec`.

Examples:
  eval \"$(keywright env)\"
  keywright env --format fish | source
  keywright env --env PROD_KEY=production --format dotenv > .env")]
pub struct EnvArgs {
    /// Form of the output
    #[arg(long, value_enum, default_value = "sh", value_name = "FORMAT")]
    pub format: EnvFormat,
    /// Environment variable for the credential, and the profile that it is of [default: `API_KEY`] (can be repeated)
    #[arg(long, value_name = "NAME[=PROFILE]")]
    pub env: Vec<String>,
}

/// The form in which variables are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EnvFormat {
    /// For sh, bash, dash, zsh and ksh.
    #[value(alias = "bash", alias = "zsh", alias = "posix")]
    Sh,
    /// For fish.
    Fish,
    /// For `PowerShell`.
    #[value(alias = "pwsh")]
    Powershell,
    /// Lines of a dotenv file.
    Dotenv,
    /// One JSON object.
    Json,
}

impl Run for EnvArgs {
    async fn run(&self, context: &Context<'_>) -> Result<u8> {
        let variables = ChildVariables::open(&self.env, context)?;
        let format = if context.reporter.json {
            EnvFormat::Json
        } else {
            self.format
        };
        let others = variables.of_others(context).await?;
        let own = variables.of_own(context).await?;
        let filled = variables.filled(own.as_ref(), &others);
        let text = written(format, &filled)?;
        let terminal = &context.platform.terminal;
        terminal.write_secret(text.as_bytes()).map_err(|error| {
            Error::failed("the variables could not be written to stdout").caused_by(error)
        })?;
        Ok(0)
    }
}

fn written(format: EnvFormat, variables: &[(&str, &Secret)]) -> Result<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::new());
    if format == EnvFormat::Json {
        let object = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.as_json()));
        let object = Value::Object(object.collect::<Map<_, _>>());
        text.push_str(&Zeroizing::new(object.to_string()));
        text.push('\n');
        return Ok(text);
    }
    for (name, value) in variables {
        if !is_identifier(name) {
            return Err(Error::usage(format!(
                "no shell can set a variable that is called `{}`",
                mask_typed_secret(name)
            ))
            .hint("use letters, digits and `_`, or print JSON: --format json"));
        }
        text.push_str(&line(format, name, value)?);
        text.push('\n');
    }
    Ok(text)
}

fn line(format: EnvFormat, name: &str, value: &Secret) -> Result<Zeroizing<String>> {
    let shell = match format {
        EnvFormat::Sh => Shell::Posix,
        EnvFormat::Fish => Shell::Fish,
        EnvFormat::Powershell => Shell::Powershell,
        EnvFormat::Dotenv | EnvFormat::Json => {
            return dotenv_line(name, value).ok_or_else(|| {
                Error::usage(format!("a dotenv file cannot hold the value for `{name}`"))
                    .hint("print it for a shell or as JSON: --format sh, --format json")
            });
        }
    };
    assignment(shell, name, value).ok_or_else(|| {
        Error::usage(format!(
            "the value for `{name}` holds a NUL character, which no variable can"
        ))
        .hint("print JSON: --format json")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(format: EnvFormat, name: &str, value: &str) -> String {
        let secret = Secret::new(value);
        match written(format, &[(name, &secret)]) {
            Ok(text) => text.to_string(),
            Err(error) => format!("error: {error}"),
        }
    }

    #[test]
    fn env_inexpressible_value_is_error() {
        for (format, name, value) in [
            (EnvFormat::Sh, "A-B", "x"),
            (EnvFormat::Fish, "1A", "x"),
            (EnvFormat::Powershell, "", "x"),
            (EnvFormat::Sh, "A", "x\0"),
            (EnvFormat::Dotenv, "A", "x\ry"),
            (EnvFormat::Dotenv, "A", "x\u{1b}"),
        ] {
            let said = of(format, name, value);
            assert!(said.starts_with("error: "), "{said}");
        }
        assert_eq!(
            of(EnvFormat::Json, "A-B", "x\0"),
            "{\"A-B\":\"x\\u0000\"}\n"
        );
    }
}
