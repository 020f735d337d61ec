package dev.onbehalf.server.people;

import dev.onbehalf.oauth1.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory in the users file, read again when it changes (within a second). A damaged file keeps
 * the people read last and is reported in the log.
 */
public final class FileDirectory implements Directory {
  private static final Logger LOG = LoggerFactory.getLogger(FileDirectory.class);
  private static final long CHECK_EVERY_NANOS = Duration.ofSeconds(1).toNanos();

  private final UsersFile file;
  private volatile State state;

  /** What was read, from which version of the file, and when that was last looked at. */
  private record State(
      Map<String, UsersFile.Entry> entries, @Nullable Version version, long checkedNanos) {}

  private record Version(FileTime modified, long bytes, @Nullable Object fileKey) {}

  /**
   * Opens the directory.
   *
   * @throws IOException with one sentence if the file exists and is damaged
   */
  public FileDirectory(UsersFile file) throws IOException {
    this.file = file;
    this.state = new State(file.read(), version(), System.nanoTime());
  }

  @Override
  public Optional<Person> find(String name) {
    return Optional.ofNullable(entries().get(name)).map(UsersFile.Entry::person);
  }

  @Override
  public Optional<Person> authenticate(String name, Secret password) {
    UsersFile.Entry entry = entries().get(name);
    if (entry == null) {
      file.hashes().matchNobody(password);
      return Optional.empty();
    }
    boolean right = file.hashes().matches(password, entry.passwordHash());
    return right && entry.person().active() ? Optional.of(entry.person()) : Optional.empty();
  }

  /** Reads the file now: for whoever has just changed it. */
  public synchronized void refresh() {
    reload(state, version());
  }

  private Map<String, UsersFile.Entry> entries() {
    if (stale()) {
      synchronized (this) {
        if (stale()) {
          State old = state;
          Version version = version();
          if (Objects.equals(version, old.version())) {
            state = new State(old.entries(), version, System.nanoTime());
          } else {
            reload(old, version);
          }
        }
      }
    }
    return state.entries();
  }

  private boolean stale() {
    return System.nanoTime() - state.checkedNanos() > CHECK_EVERY_NANOS;
  }

  private void reload(State old, @Nullable Version version) {
    try {
      state = new State(file.read(), version, System.nanoTime());
    } catch (IOException e) {
      LOG.error("{} The people read before it was changed stay in force.", e.getMessage());
      state = new State(old.entries(), version, System.nanoTime());
    }
  }

  private @Nullable Version version() {
    try {
      var attributes = Files.readAttributes(file.path(), BasicFileAttributes.class);
      return new Version(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
    } catch (IOException e) {
      return null;
    }
  }
}
