package dev.onbehalf.server.link;

import dev.onbehalf.server.audit.AuditEvent;
import dev.onbehalf.server.config.Configuration;
import dev.onbehalf.server.config.ConfigurationReader;
import dev.onbehalf.server.store.TestDatabase;
import dev.onbehalf.server.store.TinkSealer;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Links over a real database; they may lead to loopback where they are marked for it. */
public final class TestLinks {
  private final TestIdentity identity = new TestIdentity();
  private final TestDirectory directory =
      new TestDirectory().put("alice", "id-1").put("bob", "id-2");
  private final List<AuditEvent> audited = new ArrayList<>();
  private final Links links;

  public TestLinks(TestDatabase database) {
    this(database, InstantSource.system(), InetAddress::getAllByName);
  }

  TestLinks(TestDatabase database, InstantSource clock, AddressGuard.Resolver resolver) {
    Configuration configuration =
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
                TinkSealer.open(database.database(), database.dataDirectory()),
                identity,
                audited::add,
                directory,
                clock,
                UnaryOperator.identity()),
            resolver);
  }

  public Links links() {
    return links;
  }

  public List<AuditEvent> audited() {
    return audited;
  }

  TestIdentity identity() {
    return identity;
  }

  TestDirectory directory() {
    return directory;
  }
}
