package dev.onbehalf.server.provider;

import dev.onbehalf.oauth1.Keys;
import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.store.Sealer;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The instance's own identity as a consumer ({@code docs/peer-facts.md} 1.12): its key, and the RSA
 * key pairs it signs with. A next pair is published before it is used, and the one it replaces
 * stays live until it is retired.
 */
public final class InstanceKeys {
  private static final int BITS = 2048;
  private static final String NEXT = "next";
  private static final String CURRENT = "current";
  private static final int CONSUMER_KEY_CHARACTERS = 8;

  private final Database database;
  private final Sealer sealer;
  private final InstantSource clock;

  InstanceKeys(Database database, Sealer sealer, InstantSource clock) {
    this.database = database;
    this.sealer = sealer;
    this.clock = clock;
  }

  /**
   * A public key of this instance.
   *
   * @param id our own id of it
   * @param role what it is for now
   * @param publicKey the key
   * @param created when it was made
   * @param activated when it became the one in use; null before that
   * @param retired when its private key was destroyed; null before that
   */
  public record InstanceKey(
      String id,
      Role role,
      RSAPublicKey publicKey,
      Instant created,
      @Nullable Instant activated,
      @Nullable Instant retired) {

    /** Returns the one line that forms and consumer-info take. */
    public String base64() {
      return Keys.base64(publicKey);
    }

    public String pem() {
      return Keys.pem(publicKey);
    }
  }

  /** What a key is for. */
  public enum Role {
    /** Published, not yet used. */
    NEXT,
    CURRENT,
    /** Replaced, but still ours, for peers that have not heard of the current one yet. */
    PREVIOUS,
    RETIRED
  }

  /** Makes identity and first key pair where they are missing; of several nodes one wins. */
  void ensure() {
    database.execute(
        handle ->
            handle.execute(
                "INSERT INTO provider_identity (id, consumer_key) VALUES (1, ?)"
                    + " ON CONFLICT DO NOTHING",
                "onbehalf:"
                    + RandomText.ofLength(CONSUMER_KEY_CHARACTERS).toLowerCase(Locale.ROOT)));
    if (find(CURRENT).isEmpty()) {
      insert(CURRENT, clock.instant());
    }
  }

  /** Returns the consumer key by which peers know this instance. */
  public String consumerKey() {
    return database.read(
        handle ->
            handle
                .createQuery("SELECT consumer_key FROM provider_identity WHERE id = 1")
                .mapTo(String.class)
                .one());
  }

  /** Returns the key peers should have registered. */
  public InstanceKey current() {
    return find(CURRENT)
        .orElseThrow(() -> new IllegalStateException("The instance has no key pair."));
  }

  /** Returns the key that will be used after the next {@link #activateNext}, if it was made. */
  public Optional<InstanceKey> next() {
    return find(NEXT);
  }

  /** Returns the keys that were replaced and not yet retired, the newest first. */
  public List<InstanceKey> previous() {
    return all().stream().filter(key -> key.role() == Role.PREVIOUS).toList();
  }

  /**
   * Returns the keys by which signatures count as this instance's own: the current one, the next
   * one if it was made, and the previous ones.
   */
  public List<InstanceKey> live() {
    return all().stream()
        .filter(key -> key.role() != Role.RETIRED)
        .sorted(Comparator.comparing(key -> key.role() != Role.CURRENT))
        .toList();
  }

  /** Returns every key, retired ones included, the newest first. */
  public List<InstanceKey> all() {
    return database.read(
        handle ->
            handle
                .createQuery(
                    "SELECT id, role, public_key, created_ms, activated_ms, retired_ms"
                        + " FROM provider_key_pair ORDER BY created_ms DESC, id")
                .map((row, context) -> key(row))
                .list());
  }

  /** Returns the pair to sign with. */
  public KeyPair signingPair() {
    InstanceKey key = current();
    byte[] sealed =
        database.read(
            handle ->
                handle
                    .createQuery("SELECT sealed_private_key FROM provider_key_pair WHERE id = ?")
                    .bind(0, key.id())
                    .mapTo(byte[].class)
                    .one());
    PrivateKey privateKey =
        KeyCodec.privateKey(
            Base64.getDecoder().decode(sealer.open(sealed, context(key.id())).reveal()));
    return new KeyPair(key.publicKey(), privateKey);
  }

  /** Makes the next pair, so that peers can be told of it; returns the one there is already. */
  public InstanceKey prepareNext() {
    if (find(NEXT).isEmpty()) {
      insert(NEXT, null);
    }
    return find(NEXT).orElseThrow();
  }

  /**
   * Puts the next pair into use. The one it replaces stays live until {@link #retirePrevious}.
   *
   * @throws IllegalArgumentException if no next pair was made
   */
  public InstanceKey activateNext() {
    database.execute(
        handle -> {
          String next = lock(handle, NEXT);
          if (next == null) {
            throw new IllegalArgumentException(
                "There is no next key yet; prepare it and register it with the peers first.");
          }
          handle.execute("UPDATE provider_key_pair SET role = id WHERE role = 'current'");
          makeCurrent(handle, next);
        });
    return current();
  }

  /**
   * Puts the newest previous pair back into use, and the one in use back to next, for when peers
   * turn out not to know the new one.
   *
   * @throws IllegalArgumentException if there is no previous pair, or another next one
   */
  public InstanceKey restorePrevious() {
    database.execute(
        handle -> {
          if (lock(handle, NEXT) != null) {
            throw new IllegalArgumentException(
                "There is a next key, so the current one cannot become it; activate it instead.");
          }
          lock(handle, CURRENT);
          String previous =
              handle
                  .createQuery(
                      "SELECT id FROM provider_key_pair WHERE role = id AND retired_ms IS NULL"
                          + " ORDER BY activated_ms DESC LIMIT 1")
                  .mapTo(String.class)
                  .findOne()
                  .orElseThrow(
                      () ->
                          new IllegalArgumentException(
                              "There is no previous key; prepare a next one instead."));
          handle.execute("UPDATE provider_key_pair SET role = 'next' WHERE role = 'current'");
          makeCurrent(handle, previous);
        });
    return current();
  }

  /** Destroys the previous private keys; returns how many there were. */
  public int retirePrevious() {
    return database.write(
        handle ->
            handle.execute(
                "UPDATE provider_key_pair SET retired_ms = ?, sealed_private_key = ?"
                    + " WHERE role = id AND retired_ms IS NULL",
                clock.millis(),
                new byte[0]));
  }

  private void makeCurrent(Handle handle, String id) {
    handle.execute(
        "UPDATE provider_key_pair SET role = 'current', activated_ms = ? WHERE id = ?",
        clock.millis(),
        id);
  }

  private void insert(String role, @Nullable Instant activated) {
    KeyPair pair = Keys.generate(BITS);
    String id = UUID.randomUUID().toString();
    String pkcs8 = Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded());
    database.execute(
        handle ->
            handle
                .createUpdate(
                    "INSERT INTO provider_key_pair (id, role, public_key, sealed_private_key,"
                        + " created_ms, activated_ms) VALUES (:id, :role, :public, :private,"
                        + " :created, :activated) ON CONFLICT DO NOTHING")
                .bind("id", id)
                .bind("role", role)
                .bind("public", pair.getPublic().getEncoded())
                .bind("private", sealer.seal(Secret.of(pkcs8), context(id)))
                .bind("created", clock.millis())
                .bind("activated", Rows.millis(activated))
                .execute());
  }

  private Optional<InstanceKey> find(String role) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    "SELECT id, role, public_key, created_ms, activated_ms, retired_ms"
                        + " FROM provider_key_pair WHERE role = ?")
                .bind(0, role)
                .map((row, context) -> key(row))
                .findOne());
  }

  private static @Nullable String lock(Handle handle, String role) {
    return handle
        .createQuery("SELECT id FROM provider_key_pair WHERE role = ? FOR UPDATE")
        .bind(0, role)
        .mapTo(String.class)
        .findOne()
        .orElse(null);
  }

  private static InstanceKey key(ResultSet row) throws SQLException {
    String role = Objects.requireNonNull(row.getString("role"));
    Instant retired = Rows.nullableInstant(row, "retired_ms");
    return new InstanceKey(
        row.getString("id"),
        switch (role) {
          case NEXT -> Role.NEXT;
          case CURRENT -> Role.CURRENT;
          default -> retired == null ? Role.PREVIOUS : Role.RETIRED;
        },
        KeyCodec.publicKey(row.getBytes("public_key")),
        Rows.instant(row, "created_ms"),
        Rows.nullableInstant(row, "activated_ms"),
        retired);
  }

  private static String context(String id) {
    return "instance-key:" + id;
  }
}
