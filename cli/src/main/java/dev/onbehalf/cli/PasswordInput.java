package dev.onbehalf.cli;

import dev.onbehalf.oauth1.Secret;
import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads secrets where no process list and no shell history shows them: a file or the terminal. */
final class PasswordInput {
  private PasswordInput() {}

  /** Reads a secret from {@code file} ({@code -} for standard input), or asks at the terminal. */
  @SuppressWarnings("SystemConsoleNull") // Main asks for the console that is null
  static Secret read(@Nullable String file, String prompt) {
    if (file != null) {
      return fromFile(file);
    }
    Console console = System.console();
    if (console == null) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "There is no terminal to ask at: name a file by --password-file or --secret-file; '-' is"
              + " standard input.");
    }
    char[] first = console.readPassword("%s: ", prompt);
    char[] second = console.readPassword("%s, once more: ", prompt);
    if (first == null || second == null || !Arrays.equals(first, second)) {
      throw new CommandFailure(ExitCode.USAGE, "The two entries differ; nothing was changed.");
    }
    return Secret.of(new String(first));
  }

  private static Secret fromFile(String file) {
    try {
      byte[] bytes =
          file.equals("-") ? System.in.readAllBytes() : Files.readAllBytes(Path.of(file));
      return Secret.of(new String(bytes, StandardCharsets.UTF_8).strip());
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.CONFIGURATION, "The file " + file + " is unreadable.", e);
    }
  }
}
