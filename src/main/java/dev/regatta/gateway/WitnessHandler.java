package dev.regatta.gateway;

import dev.regatta.credential.Credential;
import dev.regatta.journal.Exchange;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.proxy.ProxyHandler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Lets requests with a valid pass through to the model API and watches them. The library's proxy
 * moves the bytes, piece by piece as they come, and asks for the next piece when the last one has
 * been written: a slow reader holds back its own sender and nobody else.
 */
final class WitnessHandler extends ProxyHandler {
  private static final String WITNESS = WitnessHandler.class.getName();
  private static final int TOO_MANY = 429;

  private final Gateway gateway;
  private final Route route;
  private final HttpURI upstream;

  WitnessHandler(Gateway gateway, Route route) {
    this.gateway = gateway;
    this.route = route;
    this.upstream = HttpURI.from(route.upstream());
    setProxyToServerHost(upstream.getAuthority());
    setUseServerThreadPool(true);
    setViaHost("regatta"); // else the library looks up this machine's name, for a header not sent
  }

  @Override
  protected HttpClient newHttpClient() {
    return Onward.client(route);
  }

  @Override
  protected void configureHttpClient(HttpClient client) {
    super.configureHttpClient(client);
    Onward.configure(client, route);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    String path = Request.getPathInContext(request);
    String method = request.getMethod();
    if (greeting(method, path)) {
      Refusals.greet(response, callback);
      return true;
    }
    Optional<Pass> pass = gateway.pass(request.getHeaders(), request.getHttpURI().getQuery());
    if (path.equals(WarmUp.PATH) && WarmUp.itself(request.getHeaders())) {
      WarmUp.answer(response, callback);
      return true;
    }
    if (pass.isEmpty() || !pass.get().credential().provider().serves(method, path)) {
      int status = pass.isEmpty() ? 401 : 404;
      gateway.refused(pass, method, path, status);
      Refusals.refuse(response, callback, status);
      return true;
    }
    gateway.spare(pass.get());
    Optional<ExchangeWitness> witness = gateway.began(pass.get(), method, path);
    if (witness.isEmpty()) {
      gateway.refused(Optional.empty(), method, path, 401);
      Refusals.refuse(response, callback, 401);
      return true;
    }
    request.setAttribute(WITNESS, witness.get());
    try {
      return super.handle(request, response, callback);
    } catch (UncheckedIOException e) {
      // It went away while its request was read.
      gateway.over(
          witness(request), Exchange.Ending.CLIENT_GONE, PlainReason.of(new ClientGone(e), route));
      callback.failed(e);
      return true;
    } catch (RuntimeException e) {
      // Such as a query that the server takes and the client doesn't; nothing was sent.
      gateway.over(witness.get(), Exchange.Ending.UPSTREAM_FAILED, PlainReason.of(e, route));
      Refusals.refuse(response, callback, 502);
      return true;
    }
  }

  /** What the {@code claude} CLI asks first, without a credential: whether anybody is there. */
  private static boolean greeting(String method, String path) {
    return path.equals("/") && (method.equals("HEAD") || method.equals("GET"));
  }

  private static ExchangeWitness witness(Request request) {
    return (ExchangeWitness) request.getAttribute(WITNESS);
  }

  @Override
  protected HttpURI rewriteHttpURI(Request request) {
    if (WarmUp.isFor(witness(request).pass())) {
      return HttpURI.build(gateway.baseUrl()).path(WarmUp.PATH);
    }
    String base = upstream.getCanonicalPath();
    String prefix = base == null || base.equals("/") ? "" : base;
    return HttpURI.build(upstream)
        .path(prefix + Request.getPathInContext(request))
        .query(Credentials.without(request.getHttpURI().getQuery()));
  }

  @Override
  protected void copyRequestHeaders(Request request, org.eclipse.jetty.client.Request onward) {
    super.copyRequestHeaders(request, onward);
    onward.headers(headers -> {
      Credentials.putIn(headers, witness(request).credential());
      // An encoded answer could not be read here.
      headers.put(HttpHeader.ACCEPT_ENCODING, "identity");
    });
  }

  /** The model API is told nothing of this machine: no forwarding headers. */
  @Override
  protected void addProxyHeaders(Request request, org.eclipse.jetty.client.Request onward) {}

  @Override
  protected org.eclipse.jetty.client.Request.Content newProxyToServerRequestContent(
      Request request, Response response, org.eclipse.jetty.client.Request onward) {
    ExchangeWitness witness = witness(request);
    if (gateway.failsOver() && Replay.fits(request)) {
      return Replay.keep(request).content(witness);
    }
    return new ProxyRequestContent(request) {
      @Override
      public Content.Chunk read() {
        Content.Chunk chunk = super.read();
        if (chunk != null && !Content.Chunk.isFailure(chunk)) {
          witness.asked(chunk.getByteBuffer());
        }
        return chunk;
      }
    };
  }

  @Override
  protected void sendProxyToServerRequest(
      Request request,
      org.eclipse.jetty.client.Request onward,
      Response response,
      Callback callback) {
    ExchangeWitness witness = witness(request);
    if (!gateway.sending(witness, onward)) {
      Refusals.refuse(response, callback, 401);
      return;
    }
    onward.onRequestBegin(
        begun -> witness.connected(String.valueOf(upstream.getHost()), begun.getConnection()));
    onward.onRequestSuccess(sent -> witness.sent());
    onward.idleTimeout(0, TimeUnit.MILLISECONDS);
    super.sendProxyToServerRequest(request, onward, response, callback);
  }

  @Override
  protected org.eclipse.jetty.client.Response.CompleteListener newServerToProxyResponseListener(
      Request request,
      org.eclipse.jetty.client.Request onward,
      Response response,
      Callback callback) {
    ExchangeWitness witness = witness(request);
    return new ProxyResponseListener(request, onward, response, callback) {
      private final Callback.Completable headWritten = new Callback.Completable();

      /** With what it is asked again; the agent hears nothing of the refusal then. */
      private Optional<Credential> other = Optional.empty();

      @Override
      public void onHeaders(org.eclipse.jetty.client.Response head) {
        witness.began(head);
        try {
          gateway.answers(witness, head);
          other = instead(request, witness, head);
        } catch (RuntimeException e) {
          // Such as a journal that takes no more lines. Whoever calls this only logs it.
          head.abort(e);
          return;
        }
        if (other.isPresent()) {
          return;
        }
        super.onHeaders(head);
        if (AnswerReading.isStream(head.getHeaders().get(HttpHeader.CONTENT_TYPE))) {
          // The library would hold the head back until the first event comes, which may be long
          // after it; agents bound the time to the head.
          response.write(false, ByteBuffer.allocate(0), headWritten);
        } else {
          headWritten.succeeded();
        }
      }

      @Override
      public void onContent(
          org.eclipse.jetty.client.Response head, Content.Chunk chunk, Runnable demander) {
        long now = witness.now();
        ByteBuffer seen = chunk.getByteBuffer().slice(); // writing moves the position
        if (other.isPresent()) {
          witness.answered(seen, now);
          demander.run();
          return;
        }
        chunk.retain();
        Written written = new Written(head, chunk, demander);
        afterHead(written, () -> response.write(false, chunk.getByteBuffer(), written));
        witness.answered(seen, now); // after it is passed on, so that nobody waits for it
      }

      @Override
      public void onSuccess(org.eclipse.jetty.client.Response head) {
        if (other.isEmpty()) {
          afterHead(this, () -> super.onSuccess(head));
        }
      }

      @Override
      public void onComplete(Result result) {
        if (other.isPresent()) {
          askAgain(request, response, callback, witness, result, other.get());
        } else {
          super.onComplete(result);
        }
      }

      private void afterHead(Callback otherwise, Runnable next) {
        headWritten.whenComplete((written, failure) -> {
          if (failure == null) {
            next.run();
          } else {
            otherwise.failed(failure);
          }
        });
      }
    };
  }

  /** What a request that was refused for a limit is asked again with, if it can be. */
  private Optional<Credential> instead(
      Request request, ExchangeWitness witness, org.eclipse.jetty.client.Response head) {
    Replay replay = Replay.of(request);
    return head.getStatus() == TOO_MANY && replay != null
        ? gateway.instead(witness.pass(), replay.refused(witness.credential()))
        : Optional.empty();
  }

  private void over(ExchangeWitness witness, Result result) {
    Throwable failure = result.getFailure();
    if (failure == null) {
      gateway.over(witness, Exchange.Ending.COMPLETE, "");
    } else {
      gateway.over(witness, Refusals.ending(failure), PlainReason.of(failure, route));
    }
  }

  private void askAgain(
      Request request,
      Response response,
      Callback callback,
      ExchangeWitness refused,
      Result result,
      Credential credential) {
    Optional<ExchangeWitness> next = Optional.empty();
    try {
      over(refused, result);
      next = gateway.again(refused, credential);
      if (next.isEmpty()) {
        Refusals.refuse(response, callback, 401);
        return;
      }
      request.setAttribute(WITNESS, next.get());
      org.eclipse.jetty.client.Request onward =
          newProxyToServerRequest(request, rewriteHttpURI(request));
      copyRequestHeaders(request, onward);
      addProxyHeaders(request, onward);
      onward.body(Objects.requireNonNull(Replay.of(request)).content(next.get()));
      sendProxyToServerRequest(request, onward, response, callback);
    } catch (RuntimeException e) {
      // Also where the journal takes no more lines: the agent must not wait for ever.
      try {
        next.ifPresent(again ->
            gateway.over(again, Exchange.Ending.UPSTREAM_FAILED, PlainReason.of(e, route)));
      } finally {
        Refusals.refuse(response, callback, 502);
      }
    }
  }

  @Override
  protected void onProxyToClientResponseComplete(
      Request request,
      org.eclipse.jetty.client.Request onward,
      org.eclipse.jetty.client.Response head,
      Response response,
      Callback callback) {
    try {
      gateway.over(witness(request), Exchange.Ending.COMPLETE, "");
    } finally {
      super.onProxyToClientResponseComplete(request, onward, head, response, callback);
    }
  }

  @Override
  protected void onProxyToClientResponseFailure(
      Request request,
      org.eclipse.jetty.client.Request onward,
      org.eclipse.jetty.client.Response head,
      Response response,
      Callback callback,
      Throwable failure) {
    try {
      gateway.over(
          witness(request),
          Exchange.Ending.CLIENT_GONE,
          PlainReason.of(new ClientGone(failure), route));
    } finally {
      super.onProxyToClientResponseFailure(request, onward, head, response, callback, failure);
    }
  }

  @Override
  protected void onServerToProxyResponseFailure(
      Request request,
      org.eclipse.jetty.client.Request onward,
      org.eclipse.jetty.client.Response head,
      Response response,
      Callback callback,
      Throwable failure) {
    try {
      gateway.over(witness(request), Refusals.ending(failure), PlainReason.of(failure, route));
    } finally {
      answerFailure(request, response, callback, failure);
    }
  }

  private static void answerFailure(
      Request request, Response response, Callback callback, Throwable failure) {
    if (response.isCommitted()) {
      // A page of our own in the middle of an answer would look like a part of it.
      request.getConnectionMetaData().getConnection().getEndPoint().close();
      callback.failed(failure);
      return;
    }
    response.reset(); // what the model API's head said is not true of this body
    Refusals.refuse(response, callback, 502);
  }
}
