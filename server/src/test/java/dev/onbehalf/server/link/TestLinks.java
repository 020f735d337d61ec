package dev.onbehalf.server.link;

import dev.onbehalf.applinks.JdbcConsumerTokenStore;
import dev.onbehalf.server.audit.AuditEvent;
import dev.onbehalf.server.config.Configuration;
import dev.onbehalf.server.config.ConfigurationReader;
import dev.onbehalf.server.people.Directory;
import dev.onbehalf.server.store.TestDatabase;
import dev.onbehalf.server.store.TinkSealer;
import dev.onbehalf.server.web.Places;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Links over a real database; they may lead to loopback where they are marked for it. */
public final class TestLinks {
  private final TestIdentity identity;
  private final TestDirectory directory =
      new TestDirectory().put("alice", "id-1").put("bob", "id-2");
  private final List<AuditEvent> audited = new ArrayList<>();
  private final TestDatabase database;
  private final TinkSealer sealer;
  private final Configuration configuration;
  private final Links links;

  public TestLinks(TestDatabase database) {
    this(
        database,
        InstantSource.system(),
        InetAddress::getAllByName,
        UnaryOperator.identity(),
        new TestIdentity());
  }

  TestLinks(
      TestDatabase database,
      InstantSource clock,
      AddressGuard.Resolver resolver,
      UnaryOperator<HttpClient.Builder> http,
      TestIdentity identity) {
    this.identity = identity;
    this.database = database;
    sealer = TinkSealer.open(database.database(), database.dataDirectory());
    configuration =
        ConfigurationReader.read(
                null,
                Map.of(),
                List.of(
                    "links.private-networks=127.0.0.0/8,::1",
                    "applications.ci.public-url=https://ci.example.com/base",
                    "applications.ci.upstream=http://127.0.0.1:1"))
            .configuration();
    links =
        Links.open(
            new Links.Parts(
                configuration,
                database.database(),
                sealer,
                identity,
                audited::add,
                directory,
                clock,
                http,
                Places.standard()),
            resolver);
  }

  public Links links() {
    return links;
  }

  public List<AuditEvent> audited() {
    return audited;
  }

  public TinkSealer sealer() {
    return sealer;
  }

  public Configuration configuration() {
    return configuration;
  }

  public Directory people() {
    return directory;
  }

  /** The tokens by identity, as they are stored. */
  JdbcConsumerTokenStore tokens() {
    return new JdbcConsumerTokenStore(database.database().dataSource(), new SealedTokens(sealer));
  }

  TestIdentity identity() {
    return identity;
  }

  TestDirectory directory() {
    return directory;
  }
}
