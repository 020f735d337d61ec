package dev.onbehalf.server.people;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.onbehalf.server.config.SessionConfig;
import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.store.Sealer;
import dev.onbehalf.server.web.WebRequest;
import dev.onbehalf.server.web.WebResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/**
 * Sessions in the database, shared by all nodes. Of the cookie only a keyed fingerprint is stored.
 * What was found is believed for two seconds, so that an ended session may live that much longer on
 * another node.
 */
public final class StoredSessions implements Sessions {
  private static final Duration CACHED = Duration.ofSeconds(2);
  private static final long CACHED_SESSIONS = 10_000;
  private static final int TOUCHES_PER_IDLE_LIMIT = 20;

  private final Database database;
  private final Sealer sealer;
  private final Directory directory;
  private final SessionConfig config;
  private final InstantSource clock;
  private final Cache<String, Optional<Session>> cache;

  /** Prepares sessions of the people in {@code directory}, with the limits of {@code config}. */
  public StoredSessions(
      Database database,
      Sealer sealer,
      Directory directory,
      SessionConfig config,
      InstantSource clock) {
    this.database = database;
    this.sealer = sealer;
    this.directory = directory;
    this.config = config;
    this.clock = clock;
    cache =
        Caffeine.newBuilder()
            .maximumSize(CACHED_SESSIONS)
            .expireAfterWrite(CACHED)
            .ticker(() -> Duration.between(Instant.EPOCH, clock.instant()).toNanos())
            .build();
  }

  @Override
  public Optional<Session> find(WebRequest request) {
    return find(request.headerValues("cookie"), request.publicUrl().secure(), () -> true);
  }

  @Override
  public boolean mayFind(List<String> cookieHeaders, boolean secure) {
    return !Cookies.SESSION.values(cookieHeaders, secure).isEmpty();
  }

  @Override
  public boolean lives(String sessionId) {
    long now = clock.millis();
    return row("id", sessionId)
        .filter(row -> row.live(now, config))
        .flatMap(row -> directory.find(row.person()).filter(row::belongsTo))
        .isPresent();
  }

  @Override
  public boolean ownCookie(String name) {
    return Cookies.own(name);
  }

  @Override
  public WebResponse signIn(WebRequest request, Person person, WebResponse response) {
    boolean secure = request.publicUrl().secure();
    String value = Tokens.random();
    List<byte[]> old = new ArrayList<>();
    for (String previous : Cookies.SESSION.values(request.headerValues("cookie"), secure)) {
      old.add(fingerprint(previous, secure));
    }
    long now = clock.millis();
    database.execute(
        handle -> {
          for (byte[] fingerprint : old) {
            handle.execute("DELETE FROM browser_session WHERE fingerprint = ?", fingerprint);
          }
          handle.execute(
              "INSERT INTO browser_session (id, fingerprint, person, identity, used_ms, ends_ms)"
                  + " VALUES (?, ?, ?, ?, ?, ?)",
              UUID.randomUUID().toString(),
              fingerprint(value, secure),
              person.name(),
              person.identity(),
              now,
              now + config.absolute().toMillis());
        });
    old.forEach(fingerprint -> cache.invalidate(Tokens.encode(fingerprint)));
    return response.with("Set-Cookie", Cookies.SESSION.set(request.publicUrl(), value));
  }

  @Override
  public WebResponse signOut(WebRequest request, WebResponse response) {
    boolean secure = request.publicUrl().secure();
    for (String value : Cookies.SESSION.values(request.headerValues("cookie"), secure)) {
      end(fingerprint(value, secure));
    }
    return response.with("Set-Cookie", Cookies.SESSION.clear(request.publicUrl()));
  }

  @Override
  public void endAll(String personName) {
    database.execute(
        handle -> handle.execute("DELETE FROM browser_session WHERE person = ?", personName));
    cache
        .asMap()
        .values()
        .removeIf(found -> found.filter(s -> s.person().name().equals(personName)).isPresent());
  }

  /**
   * Deletes the sessions that have ended.
   *
   * @return how many there were
   */
  public int purge() {
    long now = clock.millis();
    return database.write(
        handle ->
            handle.execute(
                "DELETE FROM browser_session WHERE ends_ms <= ? OR used_ms <= ?",
                now,
                now - config.idle().toMillis()));
  }

  /** Returns how many sessions there are that have not reached their end. */
  public long count() {
    return database.read(
        handle ->
            handle
                .createQuery("SELECT COUNT(*) FROM browser_session WHERE ends_ms > ?")
                .bind(0, clock.millis())
                .mapTo(Long.class)
                .one());
  }

  @Override
  public Optional<Session> find(
      List<String> cookieHeaders, boolean secure, BooleanSupplier admits) {
    for (String value : Cookies.SESSION.values(cookieHeaders, secure)) {
      byte[] fingerprint = fingerprint(value, secure);
      Optional<Session> found =
          cache.get(
              Tokens.encode(fingerprint),
              key -> admits.getAsBoolean() ? load(value, fingerprint) : null);
      if (found == null || found.isPresent()) {
        return found == null ? Optional.empty() : found;
      }
    }
    return Optional.empty();
  }

  private Optional<Session> load(String value, byte[] fingerprint) {
    Optional<Row> found = row("fingerprint", fingerprint);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Row row = found.get();
    long now = clock.millis();
    Optional<Person> person =
        row.live(now, config)
            ? directory.find(row.person()).filter(row::belongsTo)
            : Optional.empty();
    if (person.isEmpty()) {
      delete(fingerprint);
      return Optional.empty();
    }
    if (now - row.usedMs() > config.idle().toMillis() / TOUCHES_PER_IDLE_LIMIT) {
      database.execute(
          handle ->
              handle.execute("UPDATE browser_session SET used_ms = ? WHERE id = ?", now, row.id()));
    }
    String csrfToken = Tokens.encode(sealer.fingerprint("session-form", value));
    return Optional.of(new Session(row.id(), person.get(), csrfToken));
  }

  private Optional<Row> row(String column, Object value) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    "SELECT id, person, identity, used_ms, ends_ms FROM browser_session WHERE "
                        + column
                        + " = ?")
                .bind(0, value)
                .map(
                    (row, context) ->
                        new Row(
                            row.getString("id"),
                            row.getString("person"),
                            row.getString("identity"),
                            row.getLong("used_ms"),
                            row.getLong("ends_ms")))
                .findOne());
  }

  private void end(byte[] fingerprint) {
    delete(fingerprint);
    cache.invalidate(Tokens.encode(fingerprint));
  }

  private void delete(byte[] fingerprint) {
    database.execute(
        handle -> handle.execute("DELETE FROM browser_session WHERE fingerprint = ?", fingerprint));
  }

  /** A value counts only under the cookie name it was issued for: over HTTPS, the prefixed one. */
  private byte[] fingerprint(String value, boolean secure) {
    return sealer.fingerprint(Cookies.SESSION.name(secure), value);
  }

  private record Row(String id, String person, String identity, long usedMs, long endsMs) {
    boolean live(long nowMs, SessionConfig config) {
      return nowMs < endsMs && nowMs - usedMs < config.idle().toMillis();
    }

    boolean belongsTo(Person found) {
      return found.active() && found.identity().equals(identity);
    }
  }
}
