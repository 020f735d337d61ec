package dev.onbehalf.delivery.git;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A real repository made by the git command, free of the machine's own configuration. */
public final class GitClone {
  private final Path directory;
  private int commits;

  private GitClone(Path directory) {
    this.directory = directory;
  }

  /** Makes an empty repository whose branch is {@code main}. */
  public static GitClone init(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    GitClone clone = new GitClone(directory);
    clone.git("init", "--quiet", "--initial-branch=main");
    return clone;
  }

  public GitClone cloneTo(Path target, String... options) {
    List<String> arguments = new ArrayList<>(List.of("clone", "--quiet"));
    arguments.addAll(List.of(options));
    arguments.add("file://" + directory);
    arguments.add(target.toString());
    git(arguments.toArray(String[]::new));
    return new GitClone(target);
  }

  public Path directory() {
    return directory;
  }

  public GitHistory history() {
    return GitHistory.in(directory);
  }

  /** Commits a new file and returns the commit's id. */
  public String commit(String message) {
    try {
      Files.writeString(directory.resolve("file-" + ++commits + "-" + message.hashCode()), message);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    git("add", "--all");
    git("commit", "--quiet", "--message", message);
    return git("rev-parse", "HEAD").strip();
  }

  /** Adds many empty commits to {@code main} in one go. */
  public void commitMany(int count) {
    StringBuilder stream = new StringBuilder();
    for (int i = 1; i <= count; i++) {
      String message = "MANY-" + i + " change";
      stream
          .append("commit refs/heads/main\ncommitter alice <alice@example.com> ")
          .append(1_700_000_000L + i)
          .append(" +0000\ndata ")
          .append(message.length())
          .append('\n')
          .append(message)
          .append('\n');
      if (i == 1) {
        stream.append("from refs/heads/main^0\n");
      }
      stream.append('\n');
    }
    run(stream.toString().getBytes(StandardCharsets.UTF_8), "fast-import", "--quiet");
  }

  public String git(String... arguments) {
    return run(new byte[0], arguments);
  }

  private String run(byte[] input, String... arguments) {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
    builder
        .environment()
        .putAll(
            Map.of(
                "GIT_CONFIG_GLOBAL", "/dev/null",
                "GIT_CONFIG_SYSTEM", "/dev/null",
                "GIT_AUTHOR_NAME", "alice",
                "GIT_AUTHOR_EMAIL", "alice@example.com",
                "GIT_COMMITTER_NAME", "alice",
                "GIT_COMMITTER_EMAIL", "alice@example.com"));
    try {
      Process process = builder.start();
      process.getOutputStream().write(input);
      process.getOutputStream().close();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      process.getInputStream().transferTo(out);
      String text = out.toString(StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(command + ": " + text);
      }
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
