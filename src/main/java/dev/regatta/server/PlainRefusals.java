package dev.regatta.server;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;

/**
 * Answers in our words where the MCP library refuses: its own words are its exception as JSON,
 * stack trace and all (measured with 2.1.0).
 */
final class PlainRefusals implements Filter {
  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletResponse answer = (HttpServletResponse) response;
    Held held = new Held(answer);
    chain.doFilter(request, held);
    if (held.refused) {
      answer.setContentType("application/problem+json");
      answer
          .getWriter()
          .write(
              Notices.JSON.writeValueAsString(
                  Refused.problem(
                      answer.getStatus(),
                      "the message can't be carried out: hold its params against what MCP has for"
                          + " its method")));
    }
  }

  private static final class Held extends HttpServletResponseWrapper {
    private boolean refused;

    Held(HttpServletResponse response) {
      super(response);
    }

    @Override
    public PrintWriter getWriter() throws IOException {
      if (getStatus() < 400) {
        return super.getWriter();
      }
      refused = true;
      return new PrintWriter(Writer.nullWriter());
    }
  }
}
