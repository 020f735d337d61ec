package dev.onbehalf.acceptance.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.acceptance.clients.ClientLibrary;
import dev.onbehalf.acceptance.clients.ClientLibrary.Settings;
import dev.onbehalf.acceptance.clients.ClientLibrary.Signing;
import dev.onbehalf.acceptance.clients.ClientLibrary.Token;
import dev.onbehalf.acceptance.clients.NetOAuthClient;
import dev.onbehalf.acceptance.peers.Await;
import dev.onbehalf.acceptance.peers.EchoServer;
import dev.onbehalf.acceptance.peers.Ports;
import dev.onbehalf.acceptance.peers.Secrets;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An Onbehalf in front of two echoes, with the commands and the peers a test of it needs. */
final class AdministeredOnbehalf implements AutoCloseable {
  static final String SECRET =
      Secrets.made("shared secret", "what only the peer and the gateway know");
  private static final String CALLBACK = "http://127.0.0.1:9/callback";

  private final EchoServer echo = EchoServer.start();
  private final EchoServer fleeting = EchoServer.start();
  private final OnbehalfProcess process;

  AdministeredOnbehalf() {
    int port = Ports.free();
    process =
        OnbehalfProcess.start(
            port,
            """
              ci:
                public-url: http://127.0.0.1:%1$d
                upstream: %2$s
                sign-in: optional
              fleeting:
                public-url: http://localhost:%1$d
                upstream: %3$s
            """
                .formatted(port, echo.url(), fleeting.url()));
    process.runCommandsInProcess();
  }

  OnbehalfProcess process() {
    return process;
  }

  /** An address in the application {@code ci}, whose upstream stays up. */
  URI ci(String path) {
    return process.at("127.0.0.1", path);
  }

  /** The upstream of the application {@code fleeting}, which a test may close. */
  EchoServer fleeting() {
    return fleeting;
  }

  /** Who signed in, and the page that followed. */
  record SignedIn(PersonBrowser browser, PersonBrowser.Page page) {}

  SignedIn signIn(String name, String password) {
    PersonBrowser browser = new PersonBrowser();
    PersonBrowser.Page form = browser.open(ci("/-/onbehalf/sign-in?returnTo=%2F"));
    return new SignedIn(browser, browser.submit(form, Map.of("name", name, "password", password)));
  }

  static Token dance(ClientLibrary client, String person) {
    Token request = client.requestToken(ClientLibrary.OUT_OF_BAND);
    return client.accessToken(
        request, new PersonBrowser().allow(client.authorizationUrl(request), person));
  }

  String refusedRequest(NetOAuthClient client) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(ci("/explained"))
                    .header(
                        "Authorization",
                        client.authorization("GET", ci("/explained"), new Token("", "")))
                    .build(),
                BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(401);
    return answer.headers().firstValue("X-Request-Id").orElseThrow();
  }

  /** Refusals are looked into beside the requests, not before their answer. */
  JsonNode awaitExplanation(String request) {
    return Await.until(
        "an explanation of " + request,
        () -> {
          Command.Result result = process.tryCommand("explain", request, "--json");
          return result.exit() == BadInputTest.NOT_FOUND ? null : parse(result.out());
        });
  }

  NetOAuthClient addConsumer(String key, String... more) {
    String file = process.file("consumer.secret", SECRET).toString();
    List<String> arguments = new ArrayList<>(List.of("consumer", "add", key));
    arguments.addAll(
        List.of("--method", "HMAC-SHA1", "--secret-file", file, "--callback", CALLBACK));
    arguments.addAll(List.of(more));
    process.command(arguments.toArray(String[]::new));
    return client(key, Signing.HMAC_SHA1, SECRET);
  }

  NetOAuthClient client(String key, Signing signing, String credential) {
    return new NetOAuthClient(
        new Settings(
            key,
            signing,
            credential,
            ci("/plugins/servlet/oauth/request-token"),
            ci("/plugins/servlet/oauth/authorize"),
            ci("/plugins/servlet/oauth/access-token"),
            null));
  }

  /** What a command prints with {@code --json}. */
  JsonNode json(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--json");
    return parse(process.command(all.toArray(String[]::new)));
  }

  /** What a command prints as one JSON object a line. */
  List<JsonNode> lines(String... arguments) {
    return process.command(arguments).lines().map(AdministeredOnbehalf::parse).toList();
  }

  static JsonNode parse(String text) {
    return JsonMapper.shared().readTree(text);
  }

  @Override
  public void close() {
    process.close();
    echo.close();
    fleeting.close();
  }
}
