package dev.onbehalf.acceptance.peers;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.onbehalf.acceptance.peers.ChromiumBrowser.View;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("debian")
class ChromiumBrowserTest {

  @Test
  void newPageWhenNavigatedThenServerSeesChromium() {
    try (EchoServer echo = EchoServer.start();
        ChromiumBrowser browser = ChromiumBrowser.start()) {
      Page page = browser.newPage(View.DESKTOP);

      page.navigate(echo.url() + "/hello");

      assertThat(page.content()).contains("/hello").contains("Chrome");
    }
  }
}
