package dev.onbehalf.server.admin;

import dev.onbehalf.oauth1.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;

/**
 * The tokens of the administrator listener: who may read the data directory may administer, and may
 * hand out a second token that reads metrics and nothing else.
 */
public final class AdminToken {
  private static final String FILE = "admin.token";
  private static final String METRICS_FILE = "metrics.token";
  private static final int BYTES = 32;

  private AdminToken() {}

  /**
   * Reads the token of a data directory.
   *
   * @throws IOException if there is none yet, or this user may not read it
   */
  public static Secret read(Path dataDirectory) throws IOException {
    return read(dataDirectory, FILE);
  }

  private static Secret read(Path dataDirectory, String file) throws IOException {
    return Secret.of(Files.readString(dataDirectory.resolve(file)).strip());
  }

  /**
   * Reads the token, creating it (file mode 0600) on the first start.
   *
   * @throws IOException if the data directory cannot be written or read
   */
  static Secret readOrCreate(Path dataDirectory) throws IOException {
    return readOrCreate(dataDirectory, FILE);
  }

  /** Does the same for the token that only reads metrics. */
  static Secret readOrCreateForMetrics(Path dataDirectory) throws IOException {
    return readOrCreate(dataDirectory, METRICS_FILE);
  }

  private static Secret readOrCreate(Path dataDirectory, String name) throws IOException {
    Path file = dataDirectory.resolve(name);
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    try (var channel =
        Files.newByteChannel(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      channel.write(StandardCharsets.US_ASCII.encode(token + "\n"));
    } catch (FileAlreadyExistsException e) {
      return read(dataDirectory, name);
    }
    return Secret.of(token);
  }
}
