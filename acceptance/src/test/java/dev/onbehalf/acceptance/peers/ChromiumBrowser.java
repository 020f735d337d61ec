package dev.onbehalf.acceptance.peers;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.ScreenshotOptions;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Debian's Chromium, driven by Playwright. Nothing is downloaded. One thread only. */
public final class ChromiumBrowser implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 30_000;

  private final Playwright playwright;
  private final Browser browser;

  /** How a page is looked at. */
  public enum View {
    DESKTOP(1280, 800, ColorScheme.LIGHT),
    DESKTOP_DARK(1280, 800, ColorScheme.DARK),
    PHONE(375, 720, ColorScheme.LIGHT);

    private final int width;
    private final int height;
    private final ColorScheme colours;

    View(int width, int height, ColorScheme colours) {
      this.width = width;
      this.height = height;
      this.colours = colours;
    }
  }

  private ChromiumBrowser(Playwright playwright, Browser browser) {
    this.playwright = playwright;
    this.browser = browser;
  }

  /** Starts the browser without a window. */
  public static ChromiumBrowser start() {
    Playwright playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    try {
      Browser browser =
          playwright
              .chromium()
              .launch(
                  new LaunchOptions()
                      .setExecutablePath(Path.of("/usr/bin/chromium"))
                      .setArgs(List.of("--no-sandbox")));
      return new ChromiumBrowser(playwright, browser);
    } catch (RuntimeException | Error e) {
      playwright.close();
      throw e;
    }
  }

  /** A page of a person with no cookies yet; any certificate is accepted. */
  public Page newPage(View view) {
    BrowserContext context =
        browser.newContext(
            new Browser.NewContextOptions()
                .setViewportSize(view.width, view.height)
                .setColorScheme(view.colours)
                .setIgnoreHTTPSErrors(true));
    context.setDefaultTimeout(PATIENCE_MILLIS);
    return context.newPage();
  }

  /** Keeps a picture of a page under {@code target/screenshots}. */
  public static void screenshot(Page page, String name) {
    page.screenshot(
        new ScreenshotOptions()
            .setFullPage(true)
            .setPath(Workspace.target().resolve("screenshots").resolve(name + ".png")));
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
