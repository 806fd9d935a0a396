# Installs keywright for this user: the program and its completion. No administrator.
#
#   irm @repository@/releases/latest/download/install.ps1 | iex
#
# The archive is verified against its SHA-256 before anything is unpacked. KEYWRIGHT_VERSION names another version,
# KEYWRIGHT_PREFIX another folder than %LOCALAPPDATA%\Programs\keywright, and KEYWRIGHT_RELEASES a mirror of the releases;
# for these the checksum comes from SHA256SUMS of that release, unless KEYWRIGHT_SHA256 says what it must be.
# KEYWRIGHT_NO_PATH=1 leaves PATH as it is.

& {
    Set-StrictMode -Version 2
    $ErrorActionPreference = 'Stop'
    # The bar makes Windows PowerShell download ten times as slowly.
    $ProgressPreference = 'SilentlyContinue'
    [Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12

    $version = '@version@'
    $checksums = '@checksums@'
    $target = 'x86_64-pc-windows-msvc'
    $releases = '@repository@/releases'
    $checksum = $env:KEYWRIGHT_SHA256

    if ($env:KEYWRIGHT_RELEASES) { $releases = $env:KEYWRIGHT_RELEASES }
    if ($releases -notmatch '^https://' -and $releases -notmatch '^http://(127\.0\.0\.1|localhost)[:/]') {
        throw "$releases is not HTTPS"
    }
    $wanted = $env:KEYWRIGHT_VERSION -replace '^v', ''
    $folder = Join-Path ([IO.Path]::GetTempPath()) ([IO.Path]::GetRandomFileName())
    New-Item -ItemType Directory -Path $folder | Out-Null
    try {
        if ($env:KEYWRIGHT_RELEASES -or ($wanted -and $wanted -ne $version)) {
            $from = "$releases/latest/download"
            if ($wanted) { $from = "$releases/download/v$wanted" }
            $sums = Join-Path $folder 'SHA256SUMS'
            Invoke-WebRequest -UseBasicParsing -Uri "$from/SHA256SUMS" -OutFile $sums
            $checksums = [IO.File]::ReadAllText($sums)
        }
        $line = [regex]::Match($checksums, "(?m)^([0-9a-f]{64})  keywright-([A-Za-z0-9.+-]+)-$target\.zip\r?$")
        if (-not $line.Success) { throw "this release has no archive for $target" }
        $version = $line.Groups[2].Value
        if (-not $checksum) { $checksum = $line.Groups[1].Value }

        $name = "keywright-$version-$target"
        $archive = Join-Path $folder "$name.zip"
        Invoke-WebRequest -UseBasicParsing -Uri "$releases/download/v$version/$name.zip" -OutFile $archive
        $found = (Get-FileHash -Algorithm SHA256 -Path $archive).Hash.ToLowerInvariant()
        if ($found -ne $checksum.ToLowerInvariant()) {
            throw "$name.zip is not what was released: its SHA-256 is $found and not $checksum. Nothing was installed."
        }
        Expand-Archive -Path $archive -DestinationPath $folder
        $unpacked = Join-Path $folder $name
        & (Join-Path $unpacked 'keywright.exe') --version | Out-Null
        if ($LASTEXITCODE -ne 0) { throw "keywright $version does not run on this machine" }

        $prefix = $env:KEYWRIGHT_PREFIX
        if (-not $prefix) { $prefix = Join-Path $env:LOCALAPPDATA 'Programs\keywright' }
        New-Item -ItemType Directory -Force -Path $prefix | Out-Null
        $program = Join-Path $prefix 'keywright.exe'
        # A program that runs cannot be overwritten, but its file can be renamed.
        Remove-Item -Force -ErrorAction SilentlyContinue "$program.old"
        if (Test-Path $program) { Move-Item -Force $program "$program.old" }
        Copy-Item -Force (Join-Path $unpacked 'keywright.exe') $program
        Copy-Item -Force (Join-Path $unpacked 'completions\_keywright.ps1') (Join-Path $prefix 'completion.ps1')
        Remove-Item -Force -ErrorAction SilentlyContinue "$program.old"

        $path = [Environment]::GetEnvironmentVariable('Path', 'User')
        if (-not $env:KEYWRIGHT_NO_PATH -and (";$path;" -notlike "*;$prefix;*")) {
            [Environment]::SetEnvironmentVariable('Path', "$prefix;$path".TrimEnd(';'), 'User')
            $env:Path = "$prefix;$env:Path"
        }
        Write-Host "installed keywright ${version}: $program"
        Write-Host "completion, in your profile: . '$(Join-Path $prefix 'completion.ps1')'"
    }
    finally {
        Remove-Item -Recurse -Force -ErrorAction SilentlyContinue $folder
    }
}
