package dev.onbehalf.server.config;

import dev.onbehalf.oauth1.Secret;
import org.jspecify.annotations.Nullable;

/**
 * The database.
 *
 * @param url JDBC URL of a PostgreSQL database; null for the embedded one in the data directory
 * @param user database user; null where the URL or the server needs none
 * @param password its password; null where none is needed
 * @param maximumConnections size of the pool
 */
public record DatabaseConfig(
    @Nullable String url,
    @Nullable String user,
    @Nullable Secret password,
    int maximumConnections) {}
