package dev.onbehalf.server.config;

import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.config.ApplicationConfig.Adapter;
import dev.onbehalf.server.config.ApplicationConfig.SignIn;
import dev.onbehalf.server.config.Settings.Setting;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes the configuration from what was set, and checks what concerns several options at once. */
final class ConfigurationBuilder {
  private static final Pattern APPLICATION_NAME =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?");
  private static final Pattern PROJECT_KEY = Pattern.compile("[A-Z][A-Z0-9_]{1,254}");
  private static final String NONE = "none";

  private final Settings settings;
  private final Values values;
  private final ConfigurationPrinter printer = new ConfigurationPrinter();

  ConfigurationBuilder(Settings settings) {
    this.settings = settings;
    this.values = new Values(settings, printer);
  }

  EffectiveConfiguration build() {
    Path data = values.path("data");
    Values.Listener listen = values.listener("listen");
    TlsConfig tls = tls();
    Values.Listener admin = values.listener("admin");
    DatabaseConfig database = database();
    List<String> proxies = values.addressBlocks("trusted-proxies");
    PeopleConfig people =
        new PeopleConfig(values.path("people.users-file", data.resolve("users.yaml")));
    SessionConfig sessions = sessions();
    ProviderConfig provider = provider();
    LimitConfig limits =
        new LimitConfig(
            values.integer("limits.header"),
            values.integer("limits.own-body"),
            values.integer("limits.signed-form"),
            values.integer("limits.requests-per-address"),
            values.integer("limits.checks-per-address"),
            values.integer("limits.requests-per-consumer"));
    Path deliveryFile = values.optionalPath("delivery.file");
    ReceiveConfig receive = receive();
    LinkConfig links = new LinkConfig(values.addressBlocks("links.private-networks"));
    OutgoingConfig outgoing =
        new OutgoingConfig(
            values.optionalPath("outgoing.builds-file"),
            values.names("outgoing.consumers"),
            values.optionalPath("outgoing.ca-file"),
            values.proxy("outgoing.proxy"));
    MonitorConfig monitor = monitor();
    AuditConfig audit = new AuditConfig(values.optionalDuration("audit.retention", "unlimited"));
    List<ApplicationConfig> applications = applications();
    Overlaps.check(applications, receive == null ? null : receive.publicUrl(), settings);
    if (listen.port() != 0 && listen.equals(admin)) {
      settings.fault(
          values.place("admin"), "admin must not be the same address and port as listen.");
    }
    if (!settings.faults().isEmpty()) {
      throw new ConfigurationException(settings.faults());
    }
    return new EffectiveConfiguration(
        new Configuration(
            data,
            new ListenConfig(listen.address(), listen.port(), tls),
            new AdminConfig(admin.address(), admin.port()),
            database,
            proxies,
            applications,
            people,
            sessions,
            provider,
            limits,
            audit,
            deliveryFile,
            receive,
            links,
            outgoing,
            monitor),
        printer.text());
  }

  private @Nullable TlsConfig tls() {
    Path certificate = values.optionalPath("tls.certificate");
    Path key = values.optionalPath("tls.key");
    if (certificate != null && key != null) {
      return new TlsConfig(certificate, key);
    }
    if (certificate != null || key != null) {
      String present = certificate != null ? "tls.certificate" : "tls.key";
      settings.fault(
          values.place(present), "tls.certificate and tls.key belong together; set both.");
    }
    return null;
  }

  private DatabaseConfig database() {
    String url = values.databaseUrl("database.url");
    String user = values.optionalText("database.user");
    Secret password = values.secret("database.password");
    if (url == null && (user != null || password != null)) {
      String present = user != null ? "database.user" : "database.password";
      settings.fault(
          values.place(present), present + " needs database.url: the embedded database has none.");
    }
    return new DatabaseConfig(url, user, password, values.integer("database.maximum-connections"));
  }

  private SessionConfig sessions() {
    Duration idle = values.duration("sessions.idle");
    Duration absolute = values.duration("sessions.absolute");
    if (idle.compareTo(absolute) > 0) {
      settings.fault(
          values.place("sessions.idle"),
          "sessions.idle must not be longer than sessions.absolute ("
              + Durations.format(absolute)
              + ").");
    }
    return new SessionConfig(idle, absolute);
  }

  private ProviderConfig provider() {
    Duration window = values.duration("provider.timestamp-window");
    Duration requestToken = values.duration("provider.request-token-life");
    Duration accessToken = values.duration("provider.access-token-life");
    Duration session =
        values.duration("provider.session-life", accessToken.plus(Duration.ofDays(30)));
    return new ProviderConfig(
        window,
        requestToken,
        accessToken,
        session,
        values.duration("provider.idle-limit"),
        values.names("provider.protected-users"),
        values.names("provider.protected-groups"),
        ProviderConfig.Rsa.valueOf(upper(values.text("provider.rsa"))));
  }

  private @Nullable ReceiveConfig receive() {
    PublicUrl publicUrl = values.optionalPublicUrl("receive.public-url");
    List<String> projects = values.names("receive.projects");
    for (String project : projects) {
      if (!PROJECT_KEY.matcher(project).matches()) {
        settings.fault(
            values.place("receive.projects"),
            "receive.projects: '" + project + "' is not the key of a project, such as ABC.");
      }
    }
    int body = values.integer("receive.body");
    int rate = values.integer("receive.requests-per-credential");
    List<String> administrators = values.names("receive.administrators");
    List<String> groups = values.names("receive.administrator-groups");
    List<String> origins = frameOrigins();
    ReceiveConfig.LinkedJira jira = linkedJira(publicUrl != null);
    if (publicUrl == null) {
      needsReceiving("receive.projects", projects);
      needsReceiving("receive.administrators", administrators);
      needsReceiving("receive.administrator-groups", groups);
      needsReceiving("receive.frame-origins", origins);
      return null;
    }
    return new ReceiveConfig(
        publicUrl, projects, body, rate, administrators, groups, origins, jira);
  }

  private void needsReceiving(String key, List<String> given) {
    if (!given.isEmpty()) {
      settings.fault(values.place(key), key + " needs receive.public-url; set both.");
    }
  }

  private List<String> frameOrigins() {
    String key = "receive.frame-origins";
    List<PublicUrl> given = values.publicUrls(key);
    for (PublicUrl url : given) {
      if (!url.contextPath().isEmpty()) {
        settings.fault(
            values.place(key), key + ": '" + url + "' is not an origin: leave out the path.");
      }
    }
    return given.stream().map(PublicUrl::origin).toList();
  }

  private ReceiveConfig.@Nullable LinkedJira linkedJira(boolean receiving) {
    String link = values.optionalText("receive.link");
    boolean remoteLinks = values.text("receive.remote-links").equals("on");
    boolean comments = values.text("receive.failure-comments").equals("on");
    int rate = values.integer("receive.link-requests");
    if (link != null && !receiving) {
      settings.fault(
          values.place("receive.link"), "receive.link needs receive.public-url; set both.");
    }
    if (link == null && remoteLinks) {
      settings.fault(
          values.place("receive.remote-links"),
          "receive.remote-links needs receive.link, which names the link to the Jira.");
    }
    if (comments && !remoteLinks) {
      settings.fault(
          values.place("receive.failure-comments"),
          "receive.failure-comments needs receive.remote-links: on.");
    }
    return link == null ? null : new ReceiveConfig.LinkedJira(link, remoteLinks, comments, rate);
  }

  private MonitorConfig monitor() {
    Secret webhook = values.secret("monitor.webhook");
    if (webhook != null && !isHttpUrl(webhook.reveal())) {
      settings.fault(
          values.place("monitor.webhook"),
          "monitor.webhook must be an http or https URL of 2000 characters at most.");
    }
    boolean checks = values.text("monitor.checks").equals("on");
    Duration interval = values.duration("monitor.interval");
    return new MonitorConfig(
        values.text("monitor.metrics").equals("on"),
        checks ? interval : null,
        values.optionalText("monitor.person"),
        webhook);
  }

  private static boolean isHttpUrl(String text) {
    try {
      URI uri = new URI(text);
      return text.length() <= 2_000
          && uri.getHost() != null
          && ("http".equalsIgnoreCase(uri.getScheme())
              || "https".equalsIgnoreCase(uri.getScheme()));
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private List<ApplicationConfig> applications() {
    List<ApplicationConfig> applications = new ArrayList<>();
    for (String name : settings.applications()) {
      if (!APPLICATION_NAME.matcher(name).matches()) {
        settings.fault(
            Options.APPLICATIONS + "." + name,
            "an application's name has letters, digits and dashes only, 63 at most.");
        continue;
      }
      ApplicationConfig application = application(name);
      if (application != null) {
        applications.add(application);
      }
    }
    return applications;
  }

  /** Returns null if a required option is missing or wrong, after noting the fault. */
  private @Nullable ApplicationConfig application(String name) {
    String prefix = Options.APPLICATIONS + "." + name + ".";
    PublicUrl publicUrl = values.publicUrl(prefix + "public-url");
    List<PublicUrl> alternates = values.publicUrls(prefix + "alternate-urls");
    URI upstream = values.upstream(prefix + "upstream");
    Adapter adapter = Adapter.valueOf(upper(values.text(prefix + "adapter")));
    SignIn signIn = SignIn.valueOf(upper(values.text(prefix + "sign-in")));
    String userHeader = values.header(prefix + "user-header");
    String groupsHeader = noneAsNull(values.header(prefix + "groups-header"));
    String delimiter = delimiter(prefix + "groups-delimiter");
    String secretHeader = noneAsNull(values.header(prefix + "secret-header"));
    Secret secret = headerSecret(prefix + "secret");
    String mailHeader = noneAsNull(values.header(prefix + "mail-header"));
    String displayNameHeader = noneAsNull(values.header(prefix + "display-name-header"));
    Duration connect = values.duration(prefix + "connect-timeout");
    Duration response = values.duration(prefix + "response-timeout");
    if (userHeader.equals(NONE)) {
      settings.fault(
          values.place(prefix + "user-header"),
          prefix + "user-header must name a header; use adapter: none to pass no identity on.");
    }
    Map<String, @Nullable String> headers = new LinkedHashMap<>();
    headers.put("user-header", userHeader);
    headers.put("groups-header", groupsHeader);
    headers.put("secret-header", secretHeader);
    headers.put("mail-header", mailHeader);
    headers.put("display-name-header", displayNameHeader);
    List<String> earlier = new ArrayList<>();
    headers.forEach(
        (option, header) -> {
          earlier.forEach(other -> distinct(prefix, option, header, other, headers.get(other)));
          earlier.add(option);
        });
    if (secret != null && secretHeader == null) {
      settings.fault(
          values.place(prefix + "secret"),
          prefix + "secret needs a secret-header that is not 'none'.");
    }
    if (publicUrl == null || upstream == null) {
      return null;
    }
    return new ApplicationConfig(
        name,
        publicUrl,
        alternates,
        upstream,
        adapter,
        signIn,
        userHeader,
        groupsHeader,
        delimiter,
        secretHeader,
        secret,
        connect,
        response,
        mailHeader,
        displayNameHeader);
  }

  private String delimiter(String key) {
    String delimiter = values.text(key);
    if (delimiter.isEmpty()
        || delimiter.length() > 8
        || !delimiter.chars().allMatch(c -> c >= ' ' && c < 127)) {
      settings.fault(values.place(key), key + " must be 1 to 8 visible ASCII characters.");
    }
    return delimiter;
  }

  private @Nullable Secret headerSecret(String key) {
    Secret secret = values.secret(key);
    if (secret != null
        && (secret.reveal().length() < 16
            || secret.reveal().length() > 1_000
            || !secret.reveal().chars().allMatch(c -> c > ' ' && c < 127))) {
      settings.fault(
          values.place(key), key + " must be 16 to 1000 visible ASCII characters, without spaces.");
    }
    return secret;
  }

  private void distinct(
      String prefix, String key, @Nullable String header, String otherKey, @Nullable String other) {
    if (header != null && other != null && folded(header).equals(folded(other))) {
      Setting setting = settings.get(prefix + key);
      settings.fault(
          values.place(prefix + (setting == null ? otherKey : key)),
          prefix + key + " and " + otherKey + " must be different headers.");
    }
  }

  private static String folded(String header) {
    return header.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static @Nullable String noneAsNull(String text) {
    return text.equals(NONE) ? null : text;
  }

  private static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }
}
