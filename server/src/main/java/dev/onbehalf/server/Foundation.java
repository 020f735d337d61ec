package dev.onbehalf.server;

import dev.onbehalf.server.audit.JdbiAuditTrail;
import dev.onbehalf.server.config.Configuration;
import dev.onbehalf.server.monitor.Metrics;
import dev.onbehalf.server.people.FileDirectory;
import dev.onbehalf.server.people.SignInPages;
import dev.onbehalf.server.people.StoredSessions;
import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.store.TinkSealer;
import dev.onbehalf.server.web.Pages;
import java.net.http.HttpClient;
import java.time.Clock;
import java.util.function.UnaryOperator;

/**
 * What every side of the service stands on.
 *
 * @param http adjusts the clients that reach others
 */
record Foundation(
    Configuration configuration,
    Metrics metrics,
    Database database,
    TinkSealer sealer,
    JdbiAuditTrail audit,
    FileDirectory directory,
    StoredSessions sessions,
    Pages pages,
    SignInPages signIn,
    UnaryOperator<HttpClient.Builder> http,
    Clock clock) {}
