package dev.onbehalf.server.store;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seals with AES-256-GCM and makes fingerprints with HMAC-SHA-256, by Tink keysets in the file
 * {@code keyset} of the data directory. The keyset belongs to the database: nodes that share a
 * database share a copy of it, and a backup needs both.
 *
 * <p>The sealing key rotates: a new one is published, which is to say added to the file without
 * being used, and activated once every node has the file. A node reads its file again when it meets
 * something it cannot open. Earlier keys stay, to open what they sealed.
 */
public final class TinkSealer implements Sealer {
  private static final Logger LOG = LoggerFactory.getLogger(TinkSealer.class);
  private static final int FINGERPRINT_BYTES = 32;
  private static final String CHECK = "keyset-check";
  private static final Secret CHECK_TEXT = Secret.of("the keyset of this database");

  /**
   * A key of the keyset.
   *
   * @param id what Tink knows it by
   * @param state what is done with it
   */
  public record SealingKey(int id, State state) {
    /** What is done with a sealing key. */
    public enum State {
      /** Added, not used yet. */
      PUBLISHED,
      /** Seals from now on. */
      ACTIVE,
      /** Opens what it sealed. */
      EARLIER
    }
  }

  private final @Nullable Database database;
  private final Path file;
  private final KeysetHandle fingerprintKeys;
  private final PrfSet prf;
  private KeysetHandle sealingKeys;
  private volatile Aead aead;
  private @Nullable Object readVersion;

  private TinkSealer(
      @Nullable Database database,
      Path file,
      KeysetHandle sealingKeys,
      KeysetHandle fingerprintKeys)
      throws GeneralSecurityException {
    this.database = database;
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
                TinkSealer rehearsal = generate(null, Path.of("keyset"));
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
        sealer = read(database, file);
      } else if (check.isPresent()) {
        throw new StoreException(
            "The keyset "
                + file
                + " is missing, without which the secrets in the database cannot be read; restore"
                + " it from the backup, or copy it from another node of this database.");
      } else {
        sealer = generate(database, file);
        sealer.use(sealer.sealingKeys);
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
    Aead known = aead;
    try {
      return decrypt(known, sealed, context);
    } catch (GeneralSecurityException e) {
      Aead renewed = readAgain();
      if (renewed != known) {
        return open(sealed, context);
      }
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
   * Returns the sealing keys, the oldest first.
   *
   * @throws StoreException if the keyset cannot be read
   */
  public synchronized List<SealingKey> keys() {
    var unused = readAgain();
    List<SealingKey> keys = new ArrayList<>();
    SealingKey.State state = SealingKey.State.EARLIER;
    for (int i = 0; i < sealingKeys.size(); i++) {
      KeysetHandle.Entry entry = sealingKeys.getAt(i);
      boolean active = entry.isPrimary();
      keys.add(new SealingKey(entry.getId(), active ? SealingKey.State.ACTIVE : state));
      if (active) {
        state = SealingKey.State.PUBLISHED;
      }
    }
    return keys;
  }

  /**
   * Adds a sealing key that is not used yet, unless there is one: the file must reach the other
   * nodes of this database first.
   *
   * @throws StoreException if the keyset cannot be written; nothing has changed then
   */
  public synchronized void publish() {
    change(
        () -> {
          if (newestIsActive()) {
            use(KeysetHandle.newBuilder(sealingKeys).addEntry(newKey()).build());
          }
        });
  }

  /**
   * Seals with the published key from now on. A node whose keyset lacks it can no longer start.
   *
   * @throws IllegalStateException if no key is published
   * @throws StoreException if the keyset cannot be written; nothing has changed then
   */
  public synchronized void activate() {
    change(
        () -> {
          if (newestIsActive()) {
            throw new IllegalStateException(
                "No sealing key is published: publish one, and give the keyset to every node.");
          }
          KeysetHandle.Builder builder = KeysetHandle.newBuilder(sealingKeys);
          builder.getAt(builder.size() - 1).makePrimary();
          use(builder.build());
        });
    sealCheckAgain();
  }

  /**
   * Adds a sealing key and seals with it at once: for the only node of a database. The fingerprint
   * key stays, since fingerprints must be found again.
   *
   * @throws StoreException if the keyset cannot be written; nothing has changed then
   */
  public synchronized void rotate() {
    publish();
    activate();
  }

  private interface Change {
    void make() throws IOException, GeneralSecurityException;
  }

  private void change(Change change) {
    try {
      var unused = readAgain();
      change.make();
    } catch (IOException | GeneralSecurityException e) {
      throw new StoreException("The keyset " + file + " cannot be written (" + e + ").", e);
    }
  }

  private boolean newestIsActive() {
    return sealingKeys.getAt(sealingKeys.size() - 1).isPrimary();
  }

  private static KeysetHandle.Builder.Entry newKey() {
    return KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
        .withRandomId();
  }

  private void use(KeysetHandle rotated) throws IOException, GeneralSecurityException {
    Aead primitive = primitive(rotated, Aead.class);
    new KeysetFile(rotated, fingerprintKeys).write(file);
    readVersion = KeysetFile.version(file);
    sealingKeys = rotated;
    aead = primitive;
  }

  /** Takes over the sealing keys of the file if it was replaced, and returns those in force. */
  private synchronized Aead readAgain() {
    if (database == null || Objects.equals(KeysetFile.version(file), readVersion)) {
      return aead;
    }
    readVersion = KeysetFile.version(file);
    try {
      TinkSealer read = read(database, file);
      if (Arrays.equals(read.fingerprint(CHECK, CHECK), fingerprint(CHECK, CHECK))) {
        readVersion = read.readVersion;
        sealingKeys = read.sealingKeys;
        aead = read.aead;
        return aead;
      }
      LOG.error("The keyset {} was replaced by that of another database and is not used.", file);
    } catch (IOException | GeneralSecurityException | StoreException e) {
      LOG.error("The keyset {} was replaced and cannot be read: {}", file, e.getMessage());
    }
    return aead;
  }

  /** Lets only keysets that hold the active key pass {@link #checkAgainst}. */
  private void sealCheckAgain() {
    if (database != null) {
      byte[] sealed = seal(CHECK_TEXT, CHECK);
      database.execute(
          handle ->
              handle.execute("UPDATE instance SET content = ? WHERE name = ?", sealed, CHECK));
    }
  }

  private static Secret decrypt(Aead aead, byte[] sealed, String context)
      throws GeneralSecurityException {
    return Secret.of(new String(aead.decrypt(sealed, bytes(context)), StandardCharsets.UTF_8));
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
            + " is not the one of this database, or lacks its newest key; restore the keyset that"
            + " was backed up with it, or copy it from another node.");
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

  private static TinkSealer generate(@Nullable Database database, Path file)
      throws GeneralSecurityException {
    return new TinkSealer(
        database,
        file,
        KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, RegistryConfiguration.get()),
        KeysetHandle.generateNew(
            PredefinedPrfParameters.HMAC_SHA256_PRF, RegistryConfiguration.get()));
  }

  private static TinkSealer read(@Nullable Database database, Path file)
      throws IOException, GeneralSecurityException {
    Object version = KeysetFile.version(file);
    KeysetFile keys = KeysetFile.read(file);
    TinkSealer sealer = new TinkSealer(database, file, keys.sealing(), keys.fingerprint());
    sealer.readVersion = version;
    return sealer;
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
