class Keywright < Formula
  desc "@description@"
  homepage "@repository@"
  version "@version@"
  license any_of: ["MIT", "Apache-2.0"]

  on_macos do
    on_arm do
      url "@url:aarch64-apple-darwin@"
      sha256 "@sha256:aarch64-apple-darwin@"
    end
    on_intel do
      url "@url:x86_64-apple-darwin@"
      sha256 "@sha256:x86_64-apple-darwin@"
    end
  end

  on_linux do
    on_arm do
      url "@url:aarch64-unknown-linux-gnu@"
      sha256 "@sha256:aarch64-unknown-linux-gnu@"
    end
    on_intel do
      url "@url:x86_64-unknown-linux-gnu@"
      sha256 "@sha256:x86_64-unknown-linux-gnu@"
    end
  end

  def install
    bin.install "keywright"
    man1.install Dir["man/man1/*"]
    man5.install Dir["man/man5/*"]
    bash_completion.install "completions/keywright.bash" => "keywright"
    zsh_completion.install "completions/_keywright"
    fish_completion.install "completions/keywright.fish"
  end

  test do
    assert_equal "keywright #{version}\n", shell_output("#{bin}/keywright --version")
    ENV["KEYWRIGHT_STATE_DIR"] = testpath/"state"
    assert_match(/^sk-/, shell_output("#{bin}/keywright --sandbox keys create brew"))
  end
end
