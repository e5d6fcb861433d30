using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using SpeechStream.Auth;
using SpeechStream.Diagnostics;
using SpeechStream.Tests.Protocol;

namespace SpeechStream.Tests.Auth;

public sealed class TokenServiceTests
{
    private const string Id = "theaccesskeyid";
    private const string Secret = "theaccesskeysecret";
    private const string Sts = "the+sts/token==";

    private readonly ManualTimeProvider _time = new();
    private readonly Redactor _redactor = new();

    [Fact]
    public async Task A_posted_form_returns_a_token_and_its_expiry()
    {
        var handler = new StubHandler(HttpStatusCode.OK, Encoding.UTF8.GetString(Sample.Bytes("token.CreateToken.response.json")));

        var token = await RequestAsync(handler, new Uri("https://tokens.example:8443/path?Version=2019-07-17"));

        token.Should().Be(new SpeechToken { Id = "124fc7526f434b8c8198d6196b0a****", ExpiresAt = DateTimeOffset.FromUnixTimeSeconds(1527592757) });
        var request = handler.Requests.Should().ContainSingle().Subject;
        request.Method.Should().Be(HttpMethod.Post);
        request.Address.Should().Be(new Uri("https://tokens.example:8443/path"), "nothing of it may end up in a proxy's log");
        request.ContentType.Should().Be("application/x-www-form-urlencoded");
        request.Body.Should().Contain("&Timestamp=2026-01-01T00%3A00%3A00Z&Version=2019-07-17&Signature=").And.NotContain(Secret);
    }

    [Fact]
    public async Task A_token_may_live_to_the_end_of_the_year_9999()
    {
        var token = await RequestAsync(new StubHandler(HttpStatusCode.OK, """{"Token":{"Id":"abc","ExpireTime":253402300799}}"""));

        token.ExpiresAt.Year.Should().Be(9999);
    }

    [Fact]
    public async Task An_answer_may_begin_with_a_byte_order_mark()
    {
        var token = await RequestAsync(new StubHandler(HttpStatusCode.OK, "\uFEFF" + """{"Token":{"Id":"abc","ExpireTime":1527592757}}"""));

        token.Id.Should().Be("abc");
    }

    [Fact]
    public async Task Each_request_has_its_own_nonce()
    {
        var handler = new StubHandler(HttpStatusCode.OK, Encoding.UTF8.GetString(Sample.Bytes("token.CreateToken.response.json")));

        await RequestAsync(handler);
        await RequestAsync(handler);

        handler.Requests.Select(request => request.Body).Should().OnlyHaveUniqueItems();
    }

    [Theory]
    [InlineData(404, "InvalidAccessKeyId.NotFound", "access key's id")]
    [InlineData(400, "SignatureDoesNotMatch", "Check the access key's secret")]
    [InlineData(400, "InvalidTimeStamp.Expired", "clock")]
    [InlineData(403, "Forbidden", "account")]
    [InlineData(200, "Forbidden", "account")]
    public async Task A_refusal_is_an_authentication_error_that_says_what_to_do(int status, string code, string advice)
    {
        var exception = await FailureAsync<SpeechAuthenticationException>((HttpStatusCode)status, $$"""{"RequestId":"r","Code":"{{code}}","Message":"why it is"}""");

        exception.HttpStatusCode.Should().Be((HttpStatusCode)status);
        exception.IsTransient.Should().BeFalse();
        exception.Message.Should().Contain(code).And.Contain("why it is, request r").And.Contain(advice);
    }

    [Fact]
    public async Task No_secret_that_a_refusal_quotes_is_repeated()
    {
        // The gateway quotes the string to sign, in which values are escaped twice.
        var twice = Uri.EscapeDataString(Uri.EscapeDataString(Sts));
        var body = $$"""{"Code":"SignatureDoesNotMatch","Message":"id {{Id}} secret {{Secret}} sts {{Sts}} signed POST&%2F&AccessKeyId%3D{{Id}}%26SecurityToken%3D{{twice}} end"}""";

        var exception = await FailureAsync<SpeechAuthenticationException>(HttpStatusCode.BadRequest, body);

        exception.ToString().Should().Contain("id *** secret *** sts *** signed POST&%2F&AccessKeyId%3D***%26SecurityToken%3D*** end");
    }

    [Fact]
    public void The_beginning_of_a_secret_at_a_cut_is_removed()
    {
        var redactor = new Redactor();
        redactor.Add("topsecret");

        redactor.Redact("a topsecret tops", isCut: true).Should().Be("a *** ");
        redactor.Redact("a topsecret tops").Should().Be("a *** tops");
    }

    [Fact]
    public async Task No_escaped_secret_in_malformed_JSON_is_repeated()
    {
        var escaped = Sts.Replace("/", "\\/");
        escaped.Should().NotBe(Sts);

        var exception = await FailureAsync<SpeechAuthenticationException>(HttpStatusCode.BadRequest, $"{{\"sts\":\"{escaped}\"");

        exception.ToString().Should().Contain("{\"sts\":\"***\"");
    }

    [Theory]
    [InlineData(429, "{}")]
    [InlineData(503, "{}")]
    [InlineData(500, "<html>broken</html>")]
    [InlineData(400, """{"Code":"Throttling.User","Message":"Request was denied due to user flow control."}""")]
    [InlineData(400, """{"Code":"Throttling"}""")]
    public async Task An_overloaded_service_is_transient(int status, string body)
    {
        var exception = await FailureAsync<SpeechConnectionException>((HttpStatusCode)status, body);

        exception.IsTransient.Should().BeTrue();
        exception.HttpStatusCode.Should().Be((HttpStatusCode)status);
        exception.RetryAfter.Should().BeNull();
    }

    [Fact]
    public async Task Retry_after_is_read_in_seconds_and_as_a_date()
    {
        (await RetryAfterAsync(new RetryConditionHeaderValue(TimeSpan.FromSeconds(7)))).Should().Be(TimeSpan.FromSeconds(7));
        (await RetryAfterAsync(new RetryConditionHeaderValue(_time.GetUtcNow().AddSeconds(90)))).Should().Be(TimeSpan.FromSeconds(90));
        (await RetryAfterAsync(new RetryConditionHeaderValue(_time.GetUtcNow().AddSeconds(-90)))).Should().Be(TimeSpan.Zero);

        async Task<TimeSpan?> RetryAfterAsync(RetryConditionHeaderValue value) =>
            (await FailureAsync<SpeechConnectionException>(HttpStatusCode.ServiceUnavailable, "", response => response.Headers.RetryAfter = value)).RetryAfter;
    }

    [Fact]
    public async Task A_redirect_isnt_followed()
    {
        var exception = await FailureAsync<SpeechConnectionException>(HttpStatusCode.Found, "", response => response.Headers.Location = new Uri("https://elsewhere.example/"));

        exception.IsTransient.Should().BeFalse();
        exception.HttpStatusCode.Should().Be(HttpStatusCode.Found);

        // In words: code and configuration spell its name in two ways.
        exception.Message.Should().Contain("Set the token endpoint");
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html></html>")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"Token":null}""")]
    [InlineData("""{"Token":{"Id":"","ExpireTime":1}}""")]
    [InlineData("""{"Token":{"Id":"abc"}}""")]
    [InlineData("""{"Token":{"Id":"abc","ExpireTime":"soon"}}""")]
    [InlineData("""{"Token":{"Id":"abc","ExpireTime":1e99}}""")]
    [InlineData("""{"Token":{"Id":"a\r\nb","ExpireTime":1527592757}}""")]
    [InlineData("""{"Token":{"Id":"abc","ExpireTime":1527592757}""")]
    public async Task An_answer_without_a_usable_token_is_a_protocol_error(string body)
    {
        var exception = await FailureAsync<SpeechProtocolException>(HttpStatusCode.OK, body);

        exception.IsTransient.Should().BeFalse();
    }

    [Fact]
    public async Task No_more_than_4_KB_of_an_answer_are_read()
    {
        var body = new EndlessStream();
        var handler = new StubHandler(_ => Task.FromResult(new HttpResponseMessage(HttpStatusCode.BadGateway) { Content = new StreamContent(body) }));

        var exception = (await Awaiting(handler).Should().ThrowAsync<SpeechConnectionException>()).Which;

        body.Read4KB.Should().BeTrue();
        exception.Message.Length.Should().BeLessThan(1000);
    }

    [Fact]
    public async Task A_network_error_is_transient_and_the_inner_exception()
    {
        foreach (var cause in new Exception[] { new HttpRequestException("no"), new IOException("no"), new HttpRequestException("no", new SocketException(111)) })
        {
            var exception = (await Awaiting(new StubHandler(_ => throw cause)).Should().ThrowAsync<SpeechConnectionException>()).Which;

            exception.IsTransient.Should().BeTrue();
            exception.InnerException.Should().BeSameAs(cause);
        }
    }

    [Fact]
    public async Task A_network_error_that_quotes_a_secret_is_replaced()
    {
        var cause = new HttpRequestException("no", new IOException($"Received an invalid status line: '{Id}'."));

        var exception = (await Awaiting(new StubHandler(_ => throw cause)).Should().ThrowAsync<SpeechConnectionException>()).Which;

        exception.ToString().Should().NotContain(Id).And.Contain("invalid status line: '***'");
    }

    [Fact]
    public async Task A_refused_certificate_is_not_transient()
    {
        var handler = new StubHandler(_ => throw new HttpRequestException("no", new AuthenticationException("no")));

        (await Awaiting(handler).Should().ThrowAsync<SpeechConnectionException>()).Which.IsTransient.Should().BeFalse();
    }

    [Fact]
    public async Task No_answer_in_time_is_transient()
    {
        var request = RequestAsync(Silent());

        _time.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromTicks(1));
        request.IsCompleted.Should().BeFalse();
        _time.Advance(TimeSpan.FromTicks(1));

        var exception = (await FluentActions.Awaiting(() => request).Should().ThrowAsync<SpeechConnectionException>()).Which;
        exception.IsTransient.Should().BeTrue();
        exception.InnerException.Should().BeAssignableTo<OperationCanceledException>();
        _time.ActiveTimers.Should().Be(0);
    }

    [Fact]
    public async Task A_canceled_request_throws_for_the_callers_own_token()
    {
        using var cancel = new CancellationTokenSource();
        var request = RequestAsync(Silent(), cancellationToken: cancel.Token);

        await cancel.CancelAsync();

        (await FluentActions.Awaiting(() => request).Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(cancel.Token);
        _time.ActiveTimers.Should().Be(0);
    }

    private static StubHandler Silent() => new(async cancellationToken =>
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        throw new InvalidOperationException("never");
    });

    private async Task<T> FailureAsync<T>(HttpStatusCode status, string body, Action<HttpResponseMessage>? change = null)
        where T : SpeechStreamException => (await Awaiting(new StubHandler(status, body, change)).Should().ThrowExactlyAsync<T>()).Which;

    private Func<Task> Awaiting(StubHandler handler) => () => RequestAsync(handler);

    private async Task<SpeechToken> RequestAsync(StubHandler handler, Uri? endpoint = null, CancellationToken? cancellationToken = null)
    {
        using var service = new TokenService(handler, _redactor, _time, TimeSpan.FromSeconds(10));
        return await service.CreateTokenAsync(new AccessKey(Id, Secret, Sts, endpoint), cancellationToken ?? TestContext.Current.CancellationToken);
    }

    /// <summary>Fails when more than a little is read.</summary>
    private sealed class EndlessStream : MemoryStream
    {
        private int _read;

        public bool Read4KB => _read == 4096;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = Math.Min(buffer.Length, 1000);
            buffer.Span[..count].Fill((byte)'x');
            _read += count;
            return new(count);
        }
    }
}
