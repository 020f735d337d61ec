package dev.onbehalf.server.config;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything an administrator may set, validated.
 *
 * @param dataDirectory where the embedded database, the keysets and the users file live
 * @param listen the public listener
 * @param admin the administrator listener
 * @param database which database keeps the state
 * @param trustedProxies addresses or CIDR blocks whose forwarded headers count; empty: none
 * @param applications the applications behind the gateway, in the order of the file
 * @param people where people come from
 * @param sessions browser sessions
 * @param provider OAuth provider lifetimes
 * @param limits bounds on what strangers may send
 * @param audit the audit trail
 * @param deliveryFile YAML file of where builds and deployments are passed on to; null for nowhere
 * @param receive how builds and deployments are received; null for not at all
 * @param links links to other applications
 * @param outgoing who may act through them over HTTP
 * @param monitor how the server watches itself
 */
public record Configuration(
    Path dataDirectory,
    ListenConfig listen,
    AdminConfig admin,
    DatabaseConfig database,
    List<String> trustedProxies,
    List<ApplicationConfig> applications,
    PeopleConfig people,
    SessionConfig sessions,
    ProviderConfig provider,
    LimitConfig limits,
    AuditConfig audit,
    @Nullable Path deliveryFile,
    @Nullable ReceiveConfig receive,
    LinkConfig links,
    OutgoingConfig outgoing,
    MonitorConfig monitor) {

  public Configuration {
    trustedProxies = List.copyOf(trustedProxies);
    applications = List.copyOf(applications);
  }

  /** A configuration without deliveries, and with links to public addresses alone. */
  public Configuration(
      Path dataDirectory,
      ListenConfig listen,
      AdminConfig admin,
      DatabaseConfig database,
      List<String> trustedProxies,
      List<ApplicationConfig> applications,
      PeopleConfig people,
      SessionConfig sessions,
      ProviderConfig provider,
      LimitConfig limits,
      AuditConfig audit) {
    this(
        dataDirectory,
        listen,
        admin,
        database,
        trustedProxies,
        applications,
        people,
        sessions,
        provider,
        limits,
        audit,
        null,
        null,
        new LinkConfig(List.of()),
        new OutgoingConfig(null, List.of(), null, null),
        new MonitorConfig(true, null, null, null));
  }
}
