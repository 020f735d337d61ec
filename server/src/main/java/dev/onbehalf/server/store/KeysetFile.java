package dev.onbehalf.server.store;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The two keysets as they stand in their file, mode 0600. */
record KeysetFile(KeysetHandle sealing, KeysetHandle fingerprint) {

  /**
   * Reads the file.
   *
   * @throws StoreException if it is damaged
   */
  static KeysetFile read(Path file) throws IOException, GeneralSecurityException {
    Map<String, String> lines = new HashMap<>();
    for (String line : Files.readAllLines(file)) {
      int colon = line.indexOf(": ");
      if (colon > 0 && !line.startsWith("#")) {
        lines.put(line.substring(0, colon), line.substring(colon + 2));
      }
    }
    return new KeysetFile(
        decode(file, lines.get("sealing")), decode(file, lines.get("fingerprint")));
  }

  /** Replaces the file as a whole. */
  void write(Path file) throws IOException, GeneralSecurityException {
    DataDirectory.writeAtomically(
        file,
        "# Opens every secret in the database: keep it private, and back it up with the database.\n"
            + "sealing: "
            + encode(sealing)
            + "\nfingerprint: "
            + encode(fingerprint)
            + "\n");
  }

  /** Returns what differs once the file is replaced; null if there is none. */
  static @Nullable Object version(Path file) {
    try {
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return List.of(
          attributes.lastModifiedTime(), attributes.size(), String.valueOf(attributes.fileKey()));
    } catch (IOException e) {
      return null;
    }
  }

  private static String encode(KeysetHandle keys) throws GeneralSecurityException {
    return Base64.getEncoder()
        .encodeToString(
            TinkProtoKeysetFormat.serializeKeyset(
                keys, InsecureSecretKeyAccess.get(), RegistryConfiguration.get()));
  }

  private static KeysetHandle decode(Path file, @Nullable String text)
      throws GeneralSecurityException {
    try {
      if (text != null) {
        return TinkProtoKeysetFormat.parseKeyset(
            Base64.getDecoder().decode(text),
            InsecureSecretKeyAccess.get(),
            RegistryConfiguration.get());
      }
    } catch (IllegalArgumentException e) {
      // Not Base64: said below.
    }
    throw new StoreException("The keyset " + file + " is damaged; restore it from the backup.");
  }
}
