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

/** The token that proves an administrator: who may read the data directory may administer. */
public final class AdminToken {
  private static final String FILE = "admin.token";
  private static final int BYTES = 32;

  private AdminToken() {}

  /**
   * Reads the token of a data directory.
   *
   * @throws IOException if there is none yet, or this user may not read it
   */
  public static Secret read(Path dataDirectory) throws IOException {
    return Secret.of(Files.readString(dataDirectory.resolve(FILE)).strip());
  }

  /**
   * Reads the token, creating it (file mode 0600) on the first start.
   *
   * @throws IOException if the data directory cannot be written or read
   */
  static Secret readOrCreate(Path dataDirectory) throws IOException {
    Path file = dataDirectory.resolve(FILE);
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
      return read(dataDirectory);
    }
    return Secret.of(token);
  }
}
