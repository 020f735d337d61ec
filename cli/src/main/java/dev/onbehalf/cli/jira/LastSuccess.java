package dev.onbehalf.cli.jira;

import dev.onbehalf.delivery.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Remembers, on this machine, the commit of the last success of a pipeline or an environment. */
final class LastSuccess {
  private final @Nullable Path directory;

  LastSuccess(@Nullable Path state) {
    this.directory = state == null ? null : state.resolve("last-success");
  }

  Optional<String> of(String what) {
    if (directory == null) {
      return Optional.empty();
    }
    try {
      String commit = Files.readString(directory.resolve(Text.digest(what))).strip();
      return commit.matches("[0-9a-f]{7,64}") ? Optional.of(commit) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Remembers {@code commit}; where that fails the next run searches more than it needs to. */
  void remember(String what, String commit) {
    if (directory == null || !commit.matches("[0-9a-f]{7,64}")) {
      return;
    }
    try {
      Files.createDirectories(directory);
      Path draft = Files.createTempFile(directory, "draft", "");
      Files.writeString(draft, commit);
      Files.move(draft, directory.resolve(Text.digest(what)), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      return;
    }
  }
}
