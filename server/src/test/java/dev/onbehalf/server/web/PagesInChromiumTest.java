package dev.onbehalf.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only a real browser can tell about the pages. */
@Tag("debian")
class PagesInChromiumTest {
  private static final String CONSENT = Routes.OWN_PREFIX + "/gallery/consent-hostile";

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final TestServer server;
  private final TestServer attacker;
  @TempDir private Path profile;

  PagesInChromiumTest() {
    Pages pages = new Pages();
    Routes routes = new Routes();
    PageGallery.addTo(routes, pages);
    pages.addTo(routes);
    server = TestServer.start(recorded(routes), pages, "");
    Routes foreign =
        new Routes()
            .add(
                "/frame",
                request ->
                    WebResponse.of(
                            200,
                            "text/html",
                            "<!doctype html><title>x</title><iframe src=\""
                                + server.url().with(CONSENT)
                                + "\"></iframe>")
                        .with("Content-Security-Policy", "frame-src *")
                        .with("Cross-Origin-Opener-Policy", "unsafe-none"));
    attacker = TestServer.start(foreign, pages, "");
  }

  private Routes recorded(Routes routes) {
    Routes recording = new Routes();
    for (String path : List.of(CONSENT, Assets.STYLE_PATH, Assets.ICON_PATH)) {
      WebHandler handler = routes.find(path).orElseThrow();
      recording.add(
          path,
          request -> {
            asked.add(path);
            return handler.handle(request);
          });
    }
    return recording;
  }

  @AfterEach
  void stop() {
    attacker.close();
    server.close();
  }

  private String dom(String url) throws IOException, InterruptedException {
    Process chromium =
        new ProcessBuilder(
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--user-data-dir=" + profile,
                "--dump-dom",
                url)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String dom = new String(chromium.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(chromium.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return dom;
  }

  @Test
  void pageWhenOpenedThenStyledAndFreeOfForeignElements() throws Exception {
    String dom = dom(server.url().with(CONSENT));

    assertThat(dom).contains("to act as you?").doesNotContain("<script");
    assertThat(asked).contains(CONSENT, Assets.STYLE_PATH, Assets.ICON_PATH);
  }

  @Test
  void pageWhenFramedByAnotherOriginThenNotShown() throws Exception {
    dom(attacker.url().with("/frame"));

    assertThat(asked).contains(CONSENT).doesNotContain(Assets.STYLE_PATH, Assets.ICON_PATH);
  }
}
