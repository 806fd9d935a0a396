"""Chapters out of the man pages: those of the commands on one page, that of the manifest language on another.

It reads the part of roff that `keywright man` writes, and refuses anything else.
"""

import itertools
import re
import textwrap

# Sections of commands that are shown otherwise, or on another page.
LEFT_OUT = {
    "NAME", "SYNOPSIS", "DESCRIPTION", "GLOBAL OPTIONS", "SUBCOMMANDS", "FILES", "ENVIRONMENT", "EXIT STATUS", "VERSION", "SEE ALSO",
}

# The escapes that occur, and what they mean; fonts mean nothing here.
ESCAPES = {
    r"\*(Aq": "'", r"\(aq": "'", r"\(lq": "“", r"\(rq": "”", r"\(bu": "•",
    r"\&": "", r"\-": "-", r"\\": "\\", r"\fB": "", r"\fI": "", r"\fR": "",
}


def plain(text):
    """Text without escapes; one that is unknown ends the program."""
    return re.sub(r"\\(?:\*\(..|\(..|f.|.)", lambda one: ESCAPES[one[0]], text)


def code(text):
    ticks = "``" if "`" in text else "`"
    pad = " " if "`" in text else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def escaped(text):
    """Text that means itself in Markdown; what stands between backticks is code already."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        parts = ["`".join(parts)]
    for index in range(0, len(parts), 2):
        parts[index] = re.sub(r"([\\*_\[\]<>#|`])", r"\\\1", parts[index])
    return "`".join(parts)


def prose(text):
    """Markdown of a paragraph: bold words are code, italic ones stay italic."""
    result = ""
    for font, part in re.findall(r"(\\f[BI]|^|\\fR)((?:(?!\\f[BIR]).)*)", text, re.S):
        part = plain(part)
        if not part.strip():
            result += part
        elif font == r"\fB":
            result += code(part)
        elif font == r"\fI":
            result += f"*{escaped(part)}*"
        else:
            result += escaped(part)
    return result


def slug(title):
    """The anchor that mdBook gives to a heading."""
    return "".join("-" if one == " " else one for one in title.lower() if one.isalnum() or one in " -_")


def sections(page):
    """The sections of a page: title, level and lines."""
    found = []
    for line in page.splitlines():
        heading = re.match(r'\.(S[HS]) "?(.*?)"?$', line)
        if heading:
            found.append((plain(heading[2]), heading[1], []))
        elif found and not line.startswith((".ie ", ".el ")):
            found[-1][2].append(line)
    return found


def code_blocks(lines, language):
    """Code, and before it the text that explains the examples of a command: these are indented then."""
    if language != "sh":
        return ["\n".join([f"```{language}", *lines, "```"])]
    blocks = []
    for is_code, some in itertools.groupby(lines, lambda line: line.startswith("  ") or not line):
        some = [line.removeprefix("  ") for line in some]
        if is_code and any(some):
            blocks.append("\n".join(["```sh", *some, "```"]))
        elif not is_code:
            blocks.append(escaped(" ".join(some)))
    return blocks


def body(lines, language):
    """Markdown of the lines of a section."""
    blocks, text, mark, indent = [], [], "", 0

    def flush(as_code=False):
        nonlocal mark
        if text:
            joined = prose(" ".join(text))
            blocks.append(mark + joined)
            text.clear()
        mark = "" if indent == 0 else "  " * indent

    lines = iter(lines)
    for line in lines:
        macro, _, rest = line.partition(" ") if line.startswith(".") else ("", "", "")
        if macro == ".TP":
            indent = 0
            flush()
            term = plain(next(lines))
            kind = re.fullmatch(r"(\w[\w-]*) (\(.*\))", term)
            mark = f"- {code(kind[1])} {escaped(kind[2])}: " if kind else f"- {code(term)}: "
        elif macro == ".IP":
            flush()
            mark = "  - "
        elif macro == ".nf":
            flush()
            block = []
            for line in lines:
                if line.startswith(".fi"):
                    break
                block.append(plain(line))
            blocks += code_blocks(block, language)
        elif macro == ".PP":
            indent = 0
            flush()
        elif macro == ".br":
            was = mark
            flush()
            mark = "  " if was.startswith(("- ", "  ")) else ""
        elif macro in (".RS", ".RE"):
            flush()
        elif macro:
            raise ValueError(f"unknown roff: {line}")
        else:
            text.append(line)
    flush()
    result = ""
    for before, block in zip([""] + blocks, blocks):
        # Entries of a list follow each other; all else is set apart.
        together = block.lstrip().startswith("- ") and before.lstrip().startswith("- ")
        result += ("\n" if together else "\n\n") + block
    return result.strip()


# The first words of options that each page repeats; the page of keywright itself has them.
REPEATED = {"-p, --profile", "--project", "--json", "-q, --quiet", "-y, --yes", "--no-input", "-v, --verbose", "--timeout", "--color", "--sandbox", "-h, --help", "-V, --version"}


def usage(line, is_root):
    """The synopsis without repeated options, in lines of 76 characters."""
    # A blank within brackets is none to break at.
    words = re.sub(r"\[[^\]]*\]", lambda one: one[0].replace(" ", "\0"), line).split()
    repeated = {f"[{one.replace(', ', '|')}]" for one in REPEATED}
    kept = [word for word in words if is_root or word not in repeated]
    return textwrap.fill(" ".join(kept), 76, subsequent_indent="    ", break_on_hyphens=False).replace("\0", " ")


def command(page):
    """Markdown of a page of a command."""
    parts = {title: lines for title, _, lines in sections(page)}
    synopsis = plain(" ".join(parts["SYNOPSIS"]))
    name = plain(re.match(r"\\fB(.*?)\\fR", parts["SYNOPSIS"][0])[1])
    is_root = name == "keywright"
    result = [f"## {name}", body(parts["DESCRIPTION"], ""), f"```\n{usage(synopsis, is_root)}\n```"]
    left_out = LEFT_OUT - {"GLOBAL OPTIONS"} if is_root else LEFT_OUT
    for title, lines in parts.items():
        if title in left_out:
            continue
        text = body(lines, "sh")
        if title == "OPTIONS" and not is_root:
            starts = tuple(f"- `{one}{end}" for one in REPEATED for end in "` ")
            text = "\n".join(line for line in text.split("\n") if not line.startswith(starts))
        if text:
            result += [f"**{title.capitalize()}**", text]
    return "\n\n".join(result)


def commands(folder):
    pages = sorted(folder.glob("*.1"), key=lambda page: page.stem)
    intro = (
        "# Commands\n\nEach command with its options, as `keywright COMMAND --help` and the man pages have them. "
        "Every command takes the global options of [keywright](#keywright) itself. Files, exit codes and environment "
        "variables are in the [Reference](reference.md)."
    )
    return "\n\n".join([intro, *(command(page.read_text()) for page in pages)])


def manifest(page):
    parts = [part for part in sections(page.read_text()) if part[0] not in ("NAME", "SEE ALSO")]
    anchors = {title.split(":")[0].lower(): slug(title) for title, _, _ in parts}
    result = ["# Manifest language"]
    for title, level, lines in parts:
        shown = title.capitalize() if level == "SH" else escaped(title)
        result += [f"{'##' if level == 'SH' else '###'} {shown}", body(lines, "toml")]

    def linked(found):
        anchor = anchors.get(found[1].lower())
        return f"[{found[1].capitalize() if found[1].isupper() else found[1]}](#{anchor})" if anchor else found[0]

    return re.sub("“([^”]+)”", linked, "\n\n".join(result))


def chapters(folder):
    """The chapters: name, path and Markdown."""
    return [
        ("Commands", "commands.md", commands(folder)),
        ("Manifest language", "manifest.md", manifest(folder / "keywright-manifest.5")),
    ]
