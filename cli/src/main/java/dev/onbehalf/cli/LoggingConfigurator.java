package dev.onbehalf.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import dev.onbehalf.server.config.Unprintable;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Logs to standard error: our own lines at {@code ONBEHALF_LOG_LEVEL} (default INFO), those of
 * libraries at WARN, as text or, with {@code ONBEHALF_LOG_FORMAT=json}, as JSON. Jetty at DEBUG
 * prints whole requests with their credentials, so libraries stay at WARN whatever the level.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class LoggingConfigurator extends ContextAwareBase implements Configurator {
  private static final String PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0}: %replace(%msg){'"
          + Unprintable.REGEX
          + "', '?'}%n%ex";

  /** These report at WARN what our own exceptions say better, or what is meant to be so. */
  private static final List<String> TALKATIVE =
      List.of(
          "org.flywaydb.core.internal.database.base.Database",
          "org.flywaydb.core.internal.command.DbMigrate",
          "com.password4j",
          "com.zaxxer.hikari");

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setName("stderr");
    appender.setTarget("System.err");
    appender.setEncoder(encoder(context));
    appender.start();

    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(appender);
    context
        .getLogger("dev.onbehalf")
        .setLevel(Level.toLevel(environment("ONBEHALF_LOG_LEVEL"), Level.INFO));
    TALKATIVE.forEach(name -> context.getLogger(name).setLevel(Level.ERROR));
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  private static Encoder<ILoggingEvent> encoder(LoggerContext context) {
    if (environment("ONBEHALF_LOG_FORMAT").toLowerCase(Locale.ROOT).equals("json")) {
      JsonEncoder json = new JsonEncoder();
      json.setContext(context);
      json.start();
      return json;
    }
    PatternLayoutEncoder text = new PatternLayoutEncoder();
    text.setContext(context);
    text.setPattern(PATTERN);
    text.start();
    return text;
  }

  private static String environment(String name) {
    return Objects.requireNonNullElse(System.getenv(name), "");
  }
}
