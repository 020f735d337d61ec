package dev.onbehalf.server.diagnosis;

import dev.onbehalf.server.config.ApplicationConfig;
import dev.onbehalf.server.config.Configuration;
import dev.onbehalf.server.config.LimitConfig;
import dev.onbehalf.server.config.TlsConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** What can be told from the configuration and the files of this machine, without a server. */
public final class ConfigurationChecks {
  private static final long GIB = 1L << 30;
  private static final long LARGE_DATABASE_BYTES = 4 * GIB;
  private static final long LITTLE_SPACE_BYTES = GIB;
  private static final Set<PosixFilePermission> OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");

  private final Configuration configuration;
  private final InstantSource clock;
  private final List<SetupFinding> findings = new ArrayList<>();

  private ConfigurationChecks(Configuration configuration, InstantSource clock) {
    this.configuration = configuration;
    this.clock = clock;
  }

  /** Looks at everything; the worst comes first. */
  public static List<SetupFinding> run(Configuration configuration, InstantSource clock) {
    ConfigurationChecks checks = new ConfigurationChecks(configuration, clock);
    checks.listeners();
    checks.proxies();
    checks.limits();
    checks.certificate();
    checks.dataDirectory();
    if (checks.findings.isEmpty()) {
      checks.findings.add(
          SetupFinding.fine("configuration", "Listeners, limits and files are as they should be."));
    }
    checks.findings.sort(
        Comparator.comparing(SetupFinding::severity).thenComparing(SetupFinding::subject));
    return List.copyOf(checks.findings);
  }

  private void listeners() {
    boolean local = Hosts.loopback(configuration.listen().address());
    boolean plain = configuration.listen().tls() == null;
    boolean atProxy = local && plain;
    for (ApplicationConfig application : configuration.applications()) {
      String subject = "public URL of " + application.name();
      boolean inClear =
          !application.publicUrl().secure() && !Hosts.loopback(application.publicUrl().host());
      if (inClear) {
        String seen =
            application.publicUrl()
                + " is not encrypted, so session cookies, passwords and what is signed can be read"
                + " on the way.";
        String remedy =
            "Serve it by https (tls.certificate, or a proxy in front) and set public-url to that.";
        findings.add(
            (atProxy
                    ? SetupFinding.warning(subject, seen, remedy)
                    : SetupFinding.fault(subject, seen, remedy))
                .see("RFC 5849, section 4.3"));
      } else if (application.publicUrl().secure() && plain && !local) {
        findings.add(
            SetupFinding.note(
                subject,
                "The proxy in front speaks plain HTTP with "
                    + configuration.listen().address()
                    + " over the network.",
                "Let both run on one machine with listen on loopback, or set tls.certificate."));
      }
    }
    if (!Hosts.loopback(configuration.admin().address())) {
      findings.add(
          SetupFinding.warning(
              "option admin",
              "The administration speaks plain HTTP on "
                  + configuration.admin().address()
                  + ", and its token can be read on the way.",
              "Bind it to 127.0.0.1, and reach it by ssh -L from elsewhere."));
    }
  }

  private void proxies() {
    for (String block : configuration.trustedProxies()) {
      if (block.endsWith("/0")) {
        findings.add(
            SetupFinding.fault(
                    "option trusted-proxies",
                    "Every address is trusted (" + block + "), so anybody may say who they are.",
                    "List the addresses of the proxies alone.")
                .see("RFC 7239, section 8.1"));
      }
    }
  }

  private void limits() {
    LimitConfig limits = configuration.limits();
    unlimited("limits.checks-per-address", limits.checksPerAddress());
    unlimited("limits.requests-per-consumer", limits.requestsPerConsumer());
  }

  private void unlimited(String option, int limit) {
    if (limit == 0) {
      findings.add(
          SetupFinding.warning(
              "option " + option,
              "The limit is switched off, so one client can take the whole service.",
              "Take the option out for its default."));
    }
  }

  private void certificate() {
    TlsConfig tls = configuration.listen().tls();
    if (tls == null) {
      return;
    }
    String subject = "option tls.certificate";
    List<X509Certificate> chain = new ArrayList<>();
    try (InputStream in = Files.newInputStream(tls.certificate())) {
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        chain.add((X509Certificate) certificate);
      }
    } catch (IOException | GeneralSecurityException e) {
      findings.add(
          SetupFinding.fault(
              subject,
              tls.certificate() + " cannot be read (" + e.getMessage() + ").",
              "Name a PEM file that this user may read."));
      return;
    }
    findings.addAll(
        Certificates.expiry(
            subject,
            "The certificate in " + tls.certificate(),
            chain,
            clock.instant(),
            "Replace the files of tls.certificate and tls.key; they are taken over within"
                + " seconds."));
    shared("option tls.key", tls.key(), true);
  }

  private void dataDirectory() {
    Path data = configuration.dataDirectory();
    if (!Files.isDirectory(data)) {
      return;
    }
    shared("data directory", data, false);
    shared("data directory", data.resolve("keyset"), true);
    shared("data directory", data.resolve("admin.token"), true);
    try {
      long usable = Files.getFileStore(data).getUsableSpace();
      if (usable < LITTLE_SPACE_BYTES) {
        findings.add(
            SetupFinding.warning(
                "data directory",
                "Only " + usable / (1 << 20) + " MiB are free on the disk of " + data + ".",
                "Make room: without it nothing can be recorded, and requests are refused."));
      }
      Path database = data.resolve("onbehalf.mv.db");
      if (configuration.database().url() == null && Files.exists(database)) {
        size(database, Files.size(database));
      }
    } catch (IOException e) {
      findings.add(
          SetupFinding.warning(
              "data directory",
              data + " cannot be looked at (" + e.getMessage() + ").",
              "Run this as the user of the server."));
    }
  }

  private void size(Path database, long bytes) {
    if (bytes > LARGE_DATABASE_BYTES) {
      findings.add(
          SetupFinding.warning(
              "database",
              "The embedded database " + database + " has grown to " + bytes / GIB + " GiB.",
              "Set audit.retention, or move to PostgreSQL with the option database.url."));
    }
  }

  private void shared(String subject, Path path, boolean secret) {
    try {
      if (!Files.exists(path)
          || !path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        return;
      }
      Set<PosixFilePermission> open = Files.getPosixFilePermissions(path);
      open.retainAll(OTHERS);
      if (secret) {
        open.remove(PosixFilePermission.GROUP_READ);
      }
      if (open.isEmpty()) {
        return;
      }
      String seen = path + " is open to other users of this machine.";
      String remedy = "Run 'chmod " + (secret ? "600 " : "700 ") + path + "'.";
      findings.add(
          secret
              ? SetupFinding.fault(subject, seen, remedy)
              : SetupFinding.warning(subject, seen, remedy));
    } catch (IOException e) {
      findings.add(
          SetupFinding.warning(
              subject,
              path + " cannot be looked at (" + e.getMessage() + ").",
              "Run this as the user of the server."));
    }
  }
}
