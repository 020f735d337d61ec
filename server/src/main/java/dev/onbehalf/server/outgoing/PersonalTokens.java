package dev.onbehalf.server.outgoing;

import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.people.Directory;
import dev.onbehalf.server.people.Person;
import dev.onbehalf.server.people.ScriptTokens;
import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.store.Sealer;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Tokens by which a person's own scripts act through links as them and ask what was received. Only
 * a keyed hash is stored; a token ends by its expiry, by revocation, and with its person.
 */
public final class PersonalTokens implements ScriptTokens {
  /** The longest life of a token. */
  public static final Duration LONGEST = Duration.ofDays(366);

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int BYTES = 32;
  private static final int LONGEST_NAME = 100;
  private static final String PURPOSE = "personal-token";

  private final Database database;
  private final Sealer sealer;
  private final Directory directory;
  private final InstantSource clock;

  /** A token as the administrator sees it, without its value. */
  public record PersonalToken(
      String id, String person, String name, Instant created, Instant expires) {}

  /** A new token with its value, which is shown once. */
  public record Made(PersonalToken token, Secret value) {}

  public PersonalTokens(
      Database database, Sealer sealer, Directory directory, InstantSource clock) {
    this.database = database;
    this.sealer = sealer;
    this.directory = directory;
    this.clock = clock;
  }

  /**
   * Makes a token.
   *
   * @throws IllegalArgumentException with one sentence, if there is no such active person, the name
   *     is empty or long, or the life not between a second and {@link #LONGEST}
   */
  public Made make(String person, String name, Duration life) {
    Person known =
        directory
            .find(person)
            .filter(Person::active)
            .orElseThrow(
                () -> new IllegalArgumentException("There is no active person '" + person + "'."));
    if (name.isBlank() || name.length() > LONGEST_NAME) {
      throw new IllegalArgumentException(
          "The name of a token has 1 to " + LONGEST_NAME + " characters.");
    }
    if (life.toSeconds() < 1 || life.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "A personal token lives a second to " + LONGEST.toDays() + " days.");
    }
    byte[] random = new byte[BYTES];
    RANDOM.nextBytes(random);
    String value = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    Instant now = Instant.ofEpochMilli(clock.millis());
    PersonalToken token =
        new PersonalToken(
            UUID.randomUUID().toString(), known.name(), name.strip(), now, now.plus(life));
    database.execute(
        handle ->
            handle.execute(
                "INSERT INTO personal_token (id, fingerprint, person, identity, token_name,"
                    + " created_ms, expires_ms) VALUES (?, ?, ?, ?, ?, ?, ?)",
                token.id(),
                sealer.fingerprint(PURPOSE, value),
                known.name(),
                known.identity(),
                token.name(),
                now.toEpochMilli(),
                token.expires().toEpochMilli()));
    return new Made(token, Secret.of(value));
  }

  /** Finds the live token of a value, if its person is still there and active. */
  Optional<Found> find(String value) {
    if (!value.startsWith(PREFIX) || value.length() > 100) {
      return Optional.empty();
    }
    byte[] fingerprint = sealer.fingerprint(PURPOSE, value);
    return database
        .read(
            handle ->
                handle
                    .createQuery(
                        "SELECT id, person, identity, token_name, created_ms, expires_ms FROM"
                            + " personal_token WHERE fingerprint = :f AND expires_ms > :now")
                    .bind("f", fingerprint)
                    .bind("now", clock.millis())
                    .map((row, context) -> new Row(token(row), row.getString("identity")))
                    .findOne())
        .flatMap(
            row ->
                directory
                    .find(row.token().person())
                    .filter(person -> person.active() && person.identity().equals(row.identity()))
                    .map(person -> new Found(row.token(), person)));
  }

  @Override
  public Optional<Owner> owner(String value) {
    return find(value).map(found -> new Owner(found.person(), found.token().name()));
  }

  record Found(PersonalToken token, Person person) {}

  private record Row(PersonalToken token, String identity) {}

  /** Lists the tokens that live, of one person or of all. */
  public List<PersonalToken> all(@Nullable String person) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    "SELECT id, person, token_name, created_ms, expires_ms FROM personal_token"
                        + " WHERE expires_ms > :now ORDER BY person, created_ms")
                .bind("now", clock.millis())
                .map((row, context) -> token(row))
                .stream()
                .filter(token -> person == null || token.person().equals(person))
                .toList());
  }

  /** Lists the live tokens of a person, not those of whoever had the name before. */
  public List<PersonalToken> of(Person person) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    "SELECT id, person, token_name, created_ms, expires_ms FROM personal_token"
                        + " WHERE person = :person AND identity = :identity AND expires_ms > :now"
                        + " ORDER BY created_ms")
                .bind("person", person.name())
                .bind("identity", person.identity())
                .bind("now", clock.millis())
                .map((row, context) -> token(row))
                .list());
  }

  /** Ends a token at once; returns whose it was, empty if there is none of that id. */
  public Optional<PersonalToken> revoke(String id) {
    return database.write(
        handle -> {
          Optional<PersonalToken> token =
              handle
                  .createQuery(
                      "SELECT id, person, token_name, created_ms, expires_ms FROM personal_token"
                          + " WHERE id = :id")
                  .bind("id", id)
                  .map((row, context) -> token(row))
                  .findOne();
          handle.execute("DELETE FROM personal_token WHERE id = ?", id);
          return token;
        });
  }

  /** Removes what expired; a purge. */
  public long purge(Instant now) {
    return database.write(
        handle ->
            (long)
                handle.execute(
                    "DELETE FROM personal_token WHERE expires_ms <= ?", now.toEpochMilli()));
  }

  private static PersonalToken token(ResultSet row) throws SQLException {
    return new PersonalToken(
        row.getString("id"),
        row.getString("person"),
        row.getString("token_name"),
        Instant.ofEpochMilli(row.getLong("created_ms")),
        Instant.ofEpochMilli(row.getLong("expires_ms")));
  }
}
