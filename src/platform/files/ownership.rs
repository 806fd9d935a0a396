//! Checks who may change a file: its owner, its group, or everyone.

use std::fs::{self, File, Metadata};
use std::path::{Path, PathBuf};

use super::path_error;
use super::read::{self, Whole};
use crate::core::error::{Error, Result};

/// A regular file that was read once, and the reason not to trust its content.
#[derive(Debug)]
pub struct CheckedFile {
    /// The content; `None` if the file cannot be opened, is not regular or is too large.
    pub bytes: Option<Vec<u8>>,
    /// The reason why it, or the folder it is in, cannot be relied on.
    pub objection: Option<String>,
}

/// Reads the regular file `name` in `folder`, which has no links in it, and says who else could have written it.
///
/// The file that is judged is the one that was opened: a name may lead elsewhere a moment later.
pub fn read_checked(folder: &Path, name: &std::ffi::OsStr, max_bytes: u64) -> Result<CheckedFile> {
    let path = folder.join(name);
    let objected = |objection: String| CheckedFile {
        bytes: None,
        objection: Some(objection),
    };
    let file = match read::open(&path) {
        Ok(file) => file,
        Err(error) => return Ok(objected(format!("it cannot be opened ({error})"))),
    };
    let (data, bytes) = match read::whole(&path, &file, max_bytes)? {
        Whole::Bytes(data, bytes) => (data, bytes),
        Whole::Refused(why) => return Ok(objected(format!("it is {why}"))),
    };
    let objection = untrusted_writer(&path, &file, &data)?;
    Ok(CheckedFile {
        bytes: Some(bytes),
        objection,
    })
}

#[cfg(unix)]
fn untrusted_writer(path: &Path, file: &File, data: &Metadata) -> Result<Option<String>> {
    let accounts = UserDatabase::of_this_machine();
    let user = rustix::process::geteuid().as_raw();
    let judge = |what: &str, data: &Metadata, has_list: bool| {
        let whose = Permissions::of(data, has_list);
        whose
            .objection(user, &accounts)
            .map(|why| format!("{what} {why}"))
    };
    if let Some(why) = judge("it", data, has_access_list(file)) {
        return Ok(Some(why));
    }
    let mut folders = vec![folder_of(path)];
    // A link is as good as its owner and the folder that it leads to.
    let link = fs::symlink_metadata(path).map_err(|error| path_error("read", path, error))?;
    if link.is_symlink() {
        use std::os::unix::fs::MetadataExt;
        if link.uid() != user && link.uid() != 0 {
            return Ok(Some(format!(
                "it is a link that belongs to another user (uid {})",
                link.uid()
            )));
        }
        let target = fs::canonicalize(path).map_err(|error| path_error("find", path, error))?;
        folders.push(folder_of(&target));
    }
    for folder in folders {
        let opened = File::open(&folder).map_err(|error| path_error("open", &folder, error))?;
        let data = opened
            .metadata()
            .map_err(|error| path_error("read", &folder, error))?;
        let what = format!("its folder `{}`", folder.display());
        if let Some(why) = judge(&what, &data, has_access_list(&opened)) {
            return Ok(Some(why));
        }
    }
    Ok(None)
}

/// Owners and permissions of other systems are not looked at.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "as on Unix")]
fn untrusted_writer(_path: &Path, _file: &File, _data: &Metadata) -> Result<Option<String>> {
    Ok(None)
}

#[cfg(unix)]
fn folder_of(path: &Path) -> PathBuf {
    path.parent().unwrap_or(Path::new("/")).to_owned()
}

/// Returns whether a file has an access control list: its group bits then speak for others than its group.
#[cfg(target_os = "linux")]
fn has_access_list(file: &File) -> bool {
    let mut nothing: [u8; 0] = [];
    rustix::fs::fgetxattr(file, "system.posix_acl_access", &mut nothing).is_ok_and(|size| size > 0)
}

#[cfg(all(unix, not(target_os = "linux")))]
fn has_access_list(_file: &File) -> bool {
    false
}

/// The owner of a file and its write permissions.
#[cfg(unix)]
#[derive(Debug, Clone, Copy)]
struct Permissions {
    owner: u32,
    group: u32,
    mode: u32,
    has_list: bool,
}

#[cfg(unix)]
impl Permissions {
    fn of(data: &Metadata, has_list: bool) -> Self {
        use std::os::unix::fs::MetadataExt;
        Permissions {
            owner: data.uid(),
            group: data.gid(),
            mode: data.mode(),
            has_list,
        }
    }

    /// Says why anybody but `user` and root may have written it.
    fn objection(self, user: u32, accounts: &UserDatabase) -> Option<String> {
        if self.owner != user && self.owner != 0 {
            return Some(format!(
                "belongs to another user (uid {}, and this is {user})",
                self.owner
            ));
        }
        if self.mode & 0o002 != 0 {
            return Some("can be changed by every user of this machine".to_owned());
        }
        if self.mode & 0o020 == 0 {
            return None;
        }
        if self.has_list {
            return Some("can be changed by those whom its access control list names".to_owned());
        }
        if accounts.is_private_group(self.group, self.owner) {
            return None;
        }
        Some(format!("can be changed by its group (gid {})", self.group))
    }
}

/// The users and groups of this machine, as far as its own files name them.
#[cfg(unix)]
struct UserDatabase {
    passwd: String,
    group: String,
}

/// The most that is read of the lists of users and groups, in bytes.
#[cfg(unix)]
const MAX_ACCOUNTS: u64 = 4 << 20;

#[cfg(unix)]
impl UserDatabase {
    /// Reads the lists. An unreadable list yields no names, so that no group counts as private.
    fn of_this_machine() -> Self {
        let read = |path: &str| {
            let text = super::read_text_within(Path::new(path), MAX_ACCOUNTS);
            text.ok().flatten().unwrap_or_default()
        };
        UserDatabase {
            passwd: read("/etc/passwd"),
            group: read("/etc/group"),
        }
    }

    /// Returns whether `group` is the private group of the user `owner`: their own by name and number, without anybody
    /// else in it.
    fn is_private_group(&self, group: u32, owner: u32) -> bool {
        // name:password:uid:gid:…
        let users: Vec<(&str, u32, u32)> = self
            .passwd
            .lines()
            .filter_map(|line| {
                let mut fields = line.split(':');
                let name = fields.next()?;
                let (uid, gid) = (fields.nth(1)?.parse().ok()?, fields.next()?.parse().ok()?);
                Some((name, uid, gid))
            })
            .collect();
        let Some((name, _, primary)) = users.iter().find(|(_, uid, _)| *uid == owner) else {
            return false;
        };
        let is_shared = users
            .iter()
            .any(|(_, uid, gid)| *gid == group && *uid != owner);
        // name:password:gid:members
        let groups = self.group.lines().filter_map(|line| {
            let mut fields = line.split(':');
            let name = fields.next()?;
            let gid: u32 = fields.nth(1)?.parse().ok()?;
            Some((name, gid, fields.next().unwrap_or_default()))
        });
        let mut of_that_number = groups.filter(|(_, gid, _)| *gid == group).peekable();
        let is_known = of_that_number.peek().is_some();
        let is_own = of_that_number.all(|(known, _, members)| {
            let mut members = members.split(',').map(str::trim);
            known == *name && members.all(|member| member.is_empty() || member == *name)
        });
        *primary == group && !is_shared && is_known && is_own
    }
}

/// Returns the folder of `path` without links in it, and the name of the file there.
pub fn folder_and_name(path: &Path) -> Result<(PathBuf, std::ffi::OsString)> {
    let name = path
        .file_name()
        .ok_or_else(|| Error::usage(format!("`{}` does not name a file", path.display())))?;
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let folder = fs::canonicalize(folder).map_err(|error| path_error("find", folder, error))?;
    Ok((folder, name.to_owned()))
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn accounts() -> UserDatabase {
        UserDatabase {
            passwd: "root:x:0:0:root:/root:/bin/sh\n\
                     ann:x:1000:1000::/home/ann:/bin/sh\n\
                     bob:x:1001:1001::/home/bob:/bin/sh\n\
                     cyd:x:1002:100::/home/cyd:/bin/sh\n\
                     dan:x:1003:1003::/home/dan:/bin/sh\n\
                     eve:x:1004:1003::/home/eve:/bin/sh\n"
                .to_owned(),
            group: "root:x:0:\nusers:x:100:\nann:x:1000:\nbob:x:1001:ann\ndan:x:1003:dan\n"
                .to_owned(),
        }
    }

    #[test]
    fn private_group_matches_owner_without_members() {
        let accounts = accounts();
        assert!(accounts.is_private_group(0, 0));
        assert!(accounts.is_private_group(1000, 1000));
        for (group, owner, why) in [
            (1001, 1001, "it has a member"),
            (100, 1002, "it is named otherwise"),
            (1003, 1003, "it is another user's first group"),
            (1000, 0, "it is another user's"),
            (7, 1000, "it is unknown"),
            (1000, 7, "the owner is unknown"),
        ] {
            assert!(!accounts.is_private_group(group, owner), "{why}");
        }
    }

    #[test]
    fn objection_names_other_writers() {
        let accounts = accounts();
        let said = |owner, group, mode, has_list| {
            let whose = Permissions {
                owner,
                group,
                mode,
                has_list,
            };
            whose.objection(1000, &accounts).unwrap_or_default()
        };
        for (owner, group, mode) in [
            (1000, 1000, 0o100_600),
            (1000, 100, 0o100_644),
            (1000, 1000, 0o100_664),
            (0, 0, 0o100_664),
        ] {
            assert_eq!(
                said(owner, group, mode, false),
                "",
                "{owner} {group} {mode:o}"
            );
        }
        assert!(said(1001, 1000, 0o100_600, false).starts_with("belongs to another user"));
        assert!(said(1000, 1000, 0o041_777, false).ends_with("by every user of this machine"));
        assert!(said(1000, 100, 0o100_664, false).ends_with("by its group (gid 100)"));
        assert!(said(1000, 1000, 0o100_664, true).contains("access control list"));
        // A list that grants no writing does no harm.
        assert_eq!(said(1000, 1000, 0o100_644, true), "");
    }
}
