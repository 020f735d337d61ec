package dev.onbehalf.applinks;

import dev.onbehalf.oauth1.Secret;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Keeps tokens in a table of H2 or PostgreSQL, shared by all programs that use it. Tokens, secrets
 * and session handles are sealed; throws {@link IllegalStateException} when the database fails.
 */
public final class JdbcConsumerTokenStore implements ConsumerTokenStore {
  private static final String TABLE =
      """
      CREATE TABLE IF NOT EXISTS onbehalf_consumer_token (
        link VARCHAR(255) NOT NULL,
        person VARCHAR(255) NOT NULL,
        kind VARCHAR(7) NOT NULL,
        token %1$s NOT NULL,
        secret %1$s NOT NULL,
        session_handle %1$s,
        expires_at_millis BIGINT,
        out_of_band BOOLEAN NOT NULL,
        PRIMARY KEY (link, person, kind))
      """;
  private static final String KEY = " WHERE link = ? AND person = ? AND kind = ?";
  private static final String SELECT =
      "SELECT token, secret, session_handle, expires_at_millis, out_of_band"
          + " FROM onbehalf_consumer_token"
          + KEY;
  private static final String UPDATE =
      "UPDATE onbehalf_consumer_token SET token = ?, secret = ?, session_handle = ?,"
          + " expires_at_millis = ?, out_of_band = ?"
          + KEY;
  private static final String INSERT =
      "INSERT INTO onbehalf_consumer_token (token, secret, session_handle, expires_at_millis,"
          + " out_of_band, link, person, kind) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
  private static final String DELETE = "DELETE FROM onbehalf_consumer_token" + KEY;
  private static final String UNIQUE_VIOLATION = "23505";

  private final DataSource database;
  private final TokenSealer sealer;

  /** Uses a database whose table was made by {@link #createTable}. */
  public JdbcConsumerTokenStore(DataSource database, TokenSealer sealer) {
    this.database = Objects.requireNonNull(database, "database");
    this.sealer = Objects.requireNonNull(sealer, "sealer");
  }

  /**
   * Makes the table {@code onbehalf_consumer_token} where it is not there yet.
   *
   * @throws IllegalStateException if the database fails
   */
  public static void createTable(DataSource database) {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      String product = connection.getMetaData().getDatabaseProductName();
      statement.execute(
          TABLE.formatted(product.equals("PostgreSQL") ? "BYTEA" : "VARBINARY(8192)"));
    } catch (SQLException e) {
      throw new IllegalStateException("The table of tokens cannot be made.", e);
    }
  }

  private enum Kind {
    ACCESS,
    REQUEST
  }

  /** One row, opened. */
  private record Row(
      Secret token,
      Secret secret,
      @Nullable Secret handle,
      @Nullable Long expiresAtMillis,
      boolean outOfBand) {

    static Row of(AccessToken token) {
      Instant expiry = token.expiresAt();
      return new Row(
          Secret.of(token.value()),
          token.secret(),
          token.sessionHandle(),
          expiry == null ? null : expiry.toEpochMilli(),
          false);
    }

    static Row of(RequestToken token) {
      return new Row(Secret.of(token.value()), token.secret(), null, null, token.outOfBand());
    }
  }

  /** Whose token it is. */
  private record Slot(ApplicationId link, String person, Kind kind) {
    String context(String column) {
      return "consumer-token:" + kind + ":" + column + ":" + link + ":" + person;
    }
  }

  @FunctionalInterface
  private interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  @Override
  public @Nullable AccessToken accessToken(ApplicationId link, String person) {
    Row row = find(new Slot(link, person, Kind.ACCESS));
    if (row == null) {
      return null;
    }
    Long millis = row.expiresAtMillis();
    return new AccessToken(
        row.token().reveal(),
        row.secret(),
        row.handle(),
        millis == null ? null : Instant.ofEpochMilli(millis));
  }

  @Override
  public void putAccessToken(ApplicationId link, String person, AccessToken token) {
    put(new Slot(link, person, Kind.ACCESS), Row.of(token));
  }

  @Override
  public boolean replaceAccessToken(
      ApplicationId link, String person, AccessToken expected, AccessToken replacement) {
    return change(new Slot(link, person, Kind.ACCESS), Row.of(expected), Row.of(replacement));
  }

  @Override
  public boolean removeAccessToken(ApplicationId link, String person, AccessToken expected) {
    return change(new Slot(link, person, Kind.ACCESS), Row.of(expected), null);
  }

  @Override
  public @Nullable RequestToken requestToken(ApplicationId link, String person) {
    Row row = find(new Slot(link, person, Kind.REQUEST));
    return row == null
        ? null
        : new RequestToken(row.token().reveal(), row.secret(), row.outOfBand());
  }

  @Override
  public void putRequestToken(ApplicationId link, String person, RequestToken token) {
    put(new Slot(link, person, Kind.REQUEST), Row.of(token));
  }

  @Override
  public boolean removeRequestToken(ApplicationId link, String person, RequestToken expected) {
    return change(new Slot(link, person, Kind.REQUEST), Row.of(expected), null);
  }

  @Override
  public void removeAll(ApplicationId link) {
    work(
        connection -> {
          try (PreparedStatement statement =
              connection.prepareStatement("DELETE FROM onbehalf_consumer_token WHERE link = ?")) {
            statement.setString(1, link.get());
            return statement.executeUpdate();
          }
        });
  }

  private @Nullable Row find(Slot slot) {
    try (Connection connection = database.getConnection()) {
      return select(connection, slot, SELECT);
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private void put(Slot slot, Row row) {
    work(
        connection -> {
          if (write(connection, UPDATE, slot, row) == 0) {
            try {
              return write(connection, INSERT, slot, row);
            } catch (SQLException e) {
              if (!UNIQUE_VIOLATION.equals(e.getSQLState())) {
                throw e;
              }
              return write(connection, UPDATE, slot, row);
            }
          }
          return 1;
        });
  }

  /** Replaces a row, or deletes it, if it still holds the token expected. */
  private boolean change(Slot slot, Row expected, @Nullable Row replacement) {
    return work(
        connection -> {
          connection.setAutoCommit(false);
          try {
            Row stored = select(connection, slot, SELECT + " FOR UPDATE");
            boolean same = stored != null && stored.token().equals(expected.token());
            if (same && replacement != null) {
              write(connection, UPDATE, slot, replacement);
            } else if (same) {
              delete(connection, slot);
            }
            connection.commit();
            return same;
          } catch (SQLException | RuntimeException e) {
            connection.rollback();
            throw e;
          } finally {
            connection.setAutoCommit(true);
          }
        });
  }

  private @Nullable Row select(Connection connection, Slot slot, String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      key(statement, 1, slot);
      try (ResultSet rows = statement.executeQuery()) {
        if (!rows.next()) {
          return null;
        }
        byte[] handle = rows.getBytes("session_handle");
        long millis = rows.getLong("expires_at_millis");
        Long expiry = rows.wasNull() ? null : millis;
        return new Row(
            sealer.open(rows.getBytes("token"), slot.context("token")),
            sealer.open(rows.getBytes("secret"), slot.context("secret")),
            handle == null ? null : sealer.open(handle, slot.context("handle")),
            expiry,
            rows.getBoolean("out_of_band"));
      }
    }
  }

  private int write(Connection connection, String sql, Slot slot, Row row) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setBytes(1, sealer.seal(row.token(), slot.context("token")));
      statement.setBytes(2, sealer.seal(row.secret(), slot.context("secret")));
      Secret handle = row.handle();
      if (handle == null) {
        statement.setNull(3, Types.VARBINARY);
      } else {
        statement.setBytes(3, sealer.seal(handle, slot.context("handle")));
      }
      Long expiry = row.expiresAtMillis();
      if (expiry == null) {
        statement.setNull(4, Types.BIGINT);
      } else {
        statement.setLong(4, expiry);
      }
      statement.setBoolean(5, row.outOfBand());
      key(statement, 6, slot);
      return statement.executeUpdate();
    }
  }

  private static void delete(Connection connection, Slot slot) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(DELETE)) {
      key(statement, 1, slot);
      statement.executeUpdate();
    }
  }

  private static void key(PreparedStatement statement, int from, Slot slot) throws SQLException {
    statement.setString(from, slot.link().get());
    statement.setString(from + 1, slot.person());
    statement.setString(from + 2, slot.kind().name());
  }

  private <T> T work(Work<T> work) {
    try (Connection connection = database.getConnection()) {
      return work.run(connection);
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private static IllegalStateException failed(SQLException cause) {
    return new IllegalStateException("The store of tokens does not answer.", cause);
  }
}
