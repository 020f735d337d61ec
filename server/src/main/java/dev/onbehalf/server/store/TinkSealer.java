package dev.onbehalf.server.store;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.prf.PredefinedPrfParameters;
import com.google.crypto.tink.prf.PrfConfig;
import com.google.crypto.tink.prf.PrfSet;
import dev.onbehalf.oauth1.Secret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Seals with AES-256-GCM and makes fingerprints with HMAC-SHA-256, by Tink keysets in the file
 * {@code keyset} of the data directory. The keyset belongs to the database: nodes that share a
 * database share a copy of it, and a backup needs both.
 */
public final class TinkSealer implements Sealer {
  private static final int FINGERPRINT_BYTES = 32;
  private static final String CHECK = "keyset-check";
  private static final Secret CHECK_TEXT = Secret.of("the keyset of this database");

  private final Path file;
  private final KeysetHandle fingerprintKeys;
  private final PrfSet prf;
  private KeysetHandle sealingKeys;
  private volatile Aead aead;

  private TinkSealer(Path file, KeysetHandle sealingKeys, KeysetHandle fingerprintKeys)
      throws GeneralSecurityException {
    this.file = file;
    this.sealingKeys = sealingKeys;
    this.fingerprintKeys = fingerprintKeys;
    this.aead = primitive(sealingKeys, Aead.class);
    this.prf = primitive(fingerprintKeys, PrfSet.class);
  }

  /**
   * Loads the library on another thread, which takes longer than to open a database; call it first
   * thing at start. Without it {@link #open} takes that long.
   */
  public static void prepare() {
    Thread thread =
        new Thread(
            () -> {
              try {
                register();
                TinkSealer rehearsal = generate(Path.of("keyset"));
                rehearsal.open(rehearsal.seal(CHECK_TEXT, CHECK), CHECK);
                rehearsal.fingerprint(CHECK, CHECK);
              } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
              }
            },
            "sealer-prepare");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Reads the keyset of the data directory, or makes one for a database that has none yet.
   *
   * @throws StoreException if the keyset is missing, damaged, or not the database's own
   */
  public static TinkSealer open(Database database, Path dataDirectory) {
    Path file = dataDirectory.resolve("keyset");
    Optional<byte[]> check = findCheck(database);
    try {
      register();
      TinkSealer sealer;
      if (Files.exists(file)) {
        sealer = read(file);
      } else if (check.isPresent()) {
        throw new StoreException(
            "The keyset "
                + file
                + " is missing, without which the secrets in the database cannot be read; restore"
                + " it from the backup, or copy it from another node of this database.");
      } else {
        sealer = generate(file);
        sealer.write(sealer.sealingKeys);
      }
      sealer.checkAgainst(check.isPresent() ? check : createCheck(database, sealer));
      return sealer;
    } catch (IOException | GeneralSecurityException e) {
      throw new StoreException("The keyset " + file + " cannot be used (" + e + ").", e);
    }
  }

  @Override
  public byte[] seal(Secret secret, String context) {
    try {
      return aead.encrypt(bytes(secret.reveal()), bytes(context));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("A secret could not be sealed.", e);
    }
  }

  @Override
  public Secret open(byte[] sealed, String context) {
    try {
      return Secret.of(new String(aead.decrypt(sealed, bytes(context)), StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "A sealed secret cannot be opened: the keyset or its place (" + context + ") is another.",
          e);
    }
  }

  @Override
  public byte[] fingerprint(String purpose, String value) {
    byte[] purposeBytes = bytes(purpose);
    byte[] valueBytes = bytes(value);
    ByteBuffer input = ByteBuffer.allocate(4 + purposeBytes.length + valueBytes.length);
    input.putInt(purposeBytes.length).put(purposeBytes).put(valueBytes);
    try {
      return prf.computePrimary(input.array(), FINGERPRINT_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("A fingerprint could not be made.", e);
    }
  }

  /**
   * Adds a sealing key that seals from now on; what earlier keys sealed still opens. The
   * fingerprint key stays, since fingerprints must be found again.
   *
   * @throws StoreException if the keyset cannot be written; nothing has changed then
   */
  public synchronized void rotate() {
    try {
      KeysetHandle rotated =
          KeysetHandle.newBuilder(sealingKeys)
              .addEntry(
                  KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
                      .withRandomId()
                      .makePrimary())
              .build();
      Aead primitive = primitive(rotated, Aead.class);
      write(rotated);
      sealingKeys = rotated;
      aead = primitive;
    } catch (IOException | GeneralSecurityException e) {
      throw new StoreException("The keyset " + file + " cannot be written (" + e + ").", e);
    }
  }

  private void write(KeysetHandle newSealingKeys) throws IOException, GeneralSecurityException {
    DataDirectory.writeAtomically(
        file,
        "# Opens every secret in the database: keep it private, and back it up with the database.\n"
            + "sealing: "
            + encode(newSealingKeys)
            + "\nfingerprint: "
            + encode(fingerprintKeys)
            + "\n");
  }

  private void checkAgainst(Optional<byte[]> check) {
    try {
      if (check.isPresent() && open(check.get(), CHECK).equals(CHECK_TEXT)) {
        return;
      }
    } catch (IllegalStateException e) {
      // Sealed by another keyset: said below.
    }
    throw new StoreException(
        "The keyset "
            + file
            + " is not the one of this database; restore the keyset that was backed up with it, or"
            + " copy it from another node.");
  }

  private static Optional<byte[]> findCheck(Database database) {
    return database.read(
        handle ->
            handle
                .createQuery("SELECT content FROM instance WHERE name = ?")
                .bind(0, CHECK)
                .mapTo(byte[].class)
                .findOne());
  }

  /** Stores the check value unless another node was first, and returns the one that is stored. */
  private static Optional<byte[]> createCheck(Database database, TinkSealer sealer) {
    byte[] sealed = sealer.seal(CHECK_TEXT, CHECK);
    database.execute(
        handle ->
            handle.execute(
                "INSERT INTO instance (name, content) VALUES (?, ?) ON CONFLICT DO NOTHING",
                CHECK,
                sealed));
    return findCheck(database);
  }

  private static TinkSealer generate(Path file) throws GeneralSecurityException {
    return new TinkSealer(
        file,
        KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, RegistryConfiguration.get()),
        KeysetHandle.generateNew(
            PredefinedPrfParameters.HMAC_SHA256_PRF, RegistryConfiguration.get()));
  }

  private static TinkSealer read(Path file) throws IOException, GeneralSecurityException {
    Map<String, String> lines = new HashMap<>();
    for (String line : Files.readAllLines(file)) {
      int colon = line.indexOf(": ");
      if (colon > 0 && !line.startsWith("#")) {
        lines.put(line.substring(0, colon), line.substring(colon + 2));
      }
    }
    return new TinkSealer(
        file, decode(file, lines.get("sealing")), decode(file, lines.get("fingerprint")));
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

  private static <P> P primitive(KeysetHandle keys, Class<P> type) throws GeneralSecurityException {
    return keys.getPrimitive(RegistryConfiguration.get(), type);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static synchronized void register() throws GeneralSecurityException {
    AeadConfig.register();
    PrfConfig.register();
  }
}
