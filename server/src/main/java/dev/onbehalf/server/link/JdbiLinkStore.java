package dev.onbehalf.server.link;

import dev.onbehalf.applinks.application.ApplicationType;
import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.oauth1.SignatureMethod;
import dev.onbehalf.server.link.Link.Endpoints;
import dev.onbehalf.server.link.Link.Levels;
import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.store.Sealer;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;

/** Keeps links; shared secrets are sealed. */
final class JdbiLinkStore {
  private static final String COLUMNS =
      "id, name, application_type, rpc_url, display_url, consumer_key, signature_method,"
          + " sealed_secret, three_legged, two_legged, impersonation, request_token_url,"
          + " authorize_url, access_token_url, callback_confirmed, private_addresses,"
          + " browser_sessions, peer_consumer_key, revision, created_ms, changed_ms";
  private static final String SELECT = "SELECT " + COLUMNS + " FROM link";
  private static final String INSERT =
      "INSERT INTO link (folded_name, "
          + COLUMNS
          + ") VALUES (:folded, :id, :name, :type, :rpcUrl, :displayUrl, :consumerKey, :method,"
          + " :secret, :threeLegged, :twoLegged, :impersonation, :requestToken, :authorize,"
          + " :accessToken, :callbackConfirmed, :privateAddresses, :browserSessions, :peer,"
          + " :revision, :created, :changed)"
          + " ON CONFLICT DO NOTHING";
  private static final String UPDATE =
      "UPDATE link SET folded_name = :folded, name = :name, application_type = :type,"
          + " rpc_url = :rpcUrl, display_url = :displayUrl, consumer_key = :consumerKey,"
          + " signature_method = :method, sealed_secret = :secret, three_legged = :threeLegged,"
          + " two_legged = :twoLegged, impersonation = :impersonation,"
          + " request_token_url = :requestToken, authorize_url = :authorize,"
          + " access_token_url = :accessToken, callback_confirmed = :callbackConfirmed,"
          + " private_addresses = :privateAddresses, browser_sessions = :browserSessions,"
          + " peer_consumer_key = :peer, revision = :revision, changed_ms = :changed"
          + " WHERE id = :id";
  private static final String UNIQUE_VIOLATION = "23505";

  private final Database database;
  private final Sealer sealer;

  JdbiLinkStore(Database database, Sealer sealer) {
    this.database = database;
    this.sealer = sealer;
  }

  /** Returns all links in the order of their names. */
  List<Link> all() {
    return database.read(
        handle ->
            handle
                .createQuery(SELECT + " ORDER BY folded_name")
                .map((row, context) -> link(row))
                .list());
  }

  /** Finds a link by its id, or by its name in any case. */
  Optional<Link> find(String idOrName) {
    return database.read(handle -> find(handle, idOrName));
  }

  private Optional<Link> find(Handle handle, String idOrName) {
    return handle
        .createQuery(SELECT + " WHERE id = :key OR folded_name = :key")
        .bind("key", folded(idOrName))
        .map((row, context) -> link(row))
        .findOne();
  }

  /**
   * Adds a link.
   *
   * @throws IllegalArgumentException if name or id is taken
   */
  void add(Link link) {
    int added =
        database.write(handle -> handle.createUpdate(INSERT).bindMap(columns(link)).execute());
    if (added == 0) {
      throw find(link.id().toString()).map(JdbiLinkStore::linked).orElseGet(() -> taken(link));
    }
  }

  /**
   * Changes a link by {@code edit}, which sees it as it is now and keeps its id.
   *
   * @throws IllegalArgumentException if there is none, the new name is taken, or {@code edit}
   *     throws it
   */
  Edited change(UUID id, UnaryOperator<Link> edit) {
    return database.write(
        handle -> {
          handle
              .createQuery("SELECT revision FROM link WHERE id = ? FOR UPDATE")
              .bind(0, id.toString())
              .mapTo(Long.class)
              .findOne();
          Link before =
              find(handle, id.toString())
                  .orElseThrow(() -> new IllegalArgumentException("There is no link " + id + "."));
          Link after = edit.apply(before);
          try {
            handle.createUpdate(UPDATE).bindMap(columns(after)).execute();
          } catch (UnableToExecuteStatementException e) {
            if (e.getCause() instanceof SQLException sql
                && UNIQUE_VIOLATION.equals(sql.getSQLState())) {
              throw taken(after);
            }
            throw e;
          }
          return new Edited(before, after);
        });
  }

  /** Removes a link with the tokens people granted; says whether there was one. */
  boolean remove(UUID id) {
    return database.write(
        handle -> handle.execute("DELETE FROM link WHERE id = ?", id.toString()) > 0);
  }

  /** Counts the people who have granted a link a token. */
  int authorised(UUID id) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    "SELECT COUNT(*) FROM onbehalf_consumer_token"
                        + " WHERE link = ? AND kind = 'ACCESS'")
                .bind(0, id.toString())
                .mapTo(Integer.class)
                .one());
  }

  record Edited(Link before, Link after) {}

  private static IllegalArgumentException linked(Link link) {
    return new IllegalArgumentException(
        "This application is linked already, as '"
            + link.name()
            + "' at "
            + link.rpcUrl()
            + "; edit that link, or remove it first.");
  }

  private static IllegalArgumentException taken(Link link) {
    return new IllegalArgumentException(
        "There is a link '"
            + link.name()
            + "' already, in this or another case; choose another name, or edit that link.");
  }

  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private Link link(ResultSet row) throws SQLException {
    String id = row.getString("id");
    byte[] sealed = row.getBytes("sealed_secret");
    String requestToken = row.getString("request_token_url");
    return new Link(
        UUID.fromString(id),
        row.getString("name"),
        ApplicationType.of(row.getString("application_type")),
        URI.create(row.getString("rpc_url")),
        URI.create(row.getString("display_url")),
        row.getString("consumer_key"),
        SignatureMethod.valueOf(row.getString("signature_method")),
        sealed == null ? null : sealer.open(sealed, context(id)),
        new Levels(
            row.getBoolean("three_legged"),
            row.getBoolean("two_legged"),
            row.getBoolean("impersonation")),
        requestToken == null
            ? null
            : new Endpoints(
                requestToken, row.getString("authorize_url"), row.getString("access_token_url")),
        row.getBoolean("callback_confirmed"),
        row.getBoolean("private_addresses"),
        row.getBoolean("browser_sessions"),
        row.getString("peer_consumer_key"),
        row.getLong("revision"),
        Instant.ofEpochMilli(row.getLong("created_ms")),
        Instant.ofEpochMilli(row.getLong("changed_ms")));
  }

  private Map<String, @Nullable Object> columns(Link link) {
    Secret secret = link.secret();
    Endpoints endpoints = link.endpoints();
    Map<String, @Nullable Object> columns = new HashMap<>();
    columns.put("folded", folded(link.name()));
    columns.put("id", link.id().toString());
    columns.put("name", link.name());
    columns.put("type", link.type().typeId());
    columns.put("rpcUrl", link.rpcUrl().toString());
    columns.put("displayUrl", link.displayUrl().toString());
    columns.put("consumerKey", link.consumerKey());
    columns.put("method", link.signatureMethod().name());
    columns.put(
        "secret", secret == null ? null : sealer.seal(secret, context(link.id().toString())));
    columns.put("threeLegged", link.levels().threeLegged());
    columns.put("twoLegged", link.levels().twoLegged());
    columns.put("impersonation", link.levels().impersonation());
    columns.put("requestToken", endpoints == null ? null : endpoints.requestToken());
    columns.put("authorize", endpoints == null ? null : endpoints.authorize());
    columns.put("accessToken", endpoints == null ? null : endpoints.accessToken());
    columns.put("callbackConfirmed", link.callbackConfirmed());
    columns.put("privateAddresses", link.privateAddresses());
    columns.put("browserSessions", link.browserSessions());
    columns.put("peer", link.peerConsumerKey());
    columns.put("revision", link.revision());
    columns.put("created", link.created().toEpochMilli());
    columns.put("changed", link.changed().toEpochMilli());
    return columns;
  }

  private static String context(String id) {
    return "link-secret:" + id;
  }
}
