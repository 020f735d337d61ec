package dev.onbehalf.cli;

import org.jspecify.annotations.Nullable;

/** Ends a command with one sentence for the person at the terminal and an {@link ExitCode}. */
public final class CommandFailure extends RuntimeException {
  private final int exitCode;

  public CommandFailure(int exitCode, @Nullable String sentence) {
    this(exitCode, sentence, null);
  }

  public CommandFailure(int exitCode, @Nullable String sentence, @Nullable Throwable cause) {
    super(sentence, cause);
    this.exitCode = exitCode;
  }

  public int exitCode() {
    return exitCode;
  }
}
