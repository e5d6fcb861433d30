using System.Net.Sockets;
using Polly.CircuitBreaker;
using Polly.Timeout;
using SpeechStream.Auth;
using SpeechStream.Diagnostics;

namespace SpeechStream.Tests.Auth;

public sealed class CredentialTests
{
    private static readonly TokenService NoService = new(
        new StubHandler(_ => throw new InvalidOperationException()), new Redactor(), TimeProvider.System, TimeSpan.FromSeconds(1));

    public static TheoryData<Exception> NetworkErrors =>
    [
        new HttpRequestException("hush"),
        new IOException("hush"),
        new TimeoutException("hush"),
        new SocketException(111),
        new TaskCanceledException("hush"),

        // What an HttpClient throws that is made resilient with Polly.
        new TimeoutRejectedException("hush"),
        new BrokenCircuitException("hush"),
    ];

    [Theory]
    [InlineData("")]
    [InlineData("abc\r\nX-Other: 1")]
    [InlineData("abc\0")]
    [InlineData("abc ")]
    [InlineData("äbc")]
    [InlineData("abc\u007f")]
    [InlineData(null)]
    public void A_token_with_characters_not_allowed_in_a_header_is_refused(string? token)
    {
        var make = () => SpeechCredential.FromToken(token!);

        var message = make.Should().Throw<ArgumentException>().Which.Message;
        message.Contains("bc", StringComparison.Ordinal).Should().BeFalse("it is a secret");
    }

    [Fact]
    public async Task A_given_token_is_used_and_never_expires()
    {
        var token = await SpeechCredential.FromToken("0123~!\"%+/=").RequestAsync(NoService, TestContext.Current.CancellationToken);

        token.Should().Be(new SpeechToken { Id = "0123~!\"%+/=", ExpiresAt = DateTimeOffset.MaxValue });
    }

    [Fact]
    public void A_null_function_is_refused() => FluentActions.Invoking(() => SpeechCredential.FromDelegate(null!)).Should().Throw<ArgumentNullException>();

    [Fact]
    public async Task A_functions_token_is_used()
    {
        var token = new SpeechToken { Id = "abc" };

        (await RequestAsync(() => token)).Should().BeSameAs(token);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("abc\n")]
    public async Task An_empty_token_of_a_function_is_an_authentication_error(string? id)
    {
        var exception = (await Awaiting(() => id is null ? null! : new SpeechToken { Id = id }).Should().ThrowAsync<SpeechAuthenticationException>()).Which;

        exception.Message.Should().NotContain("abc");
    }

    [Fact]
    public async Task A_token_whose_id_is_null_is_an_authentication_error() =>
        await Awaiting(() => new SpeechToken { Id = null! }).Should().ThrowAsync<SpeechAuthenticationException>();

    [Theory]
    [MemberData(nameof(NetworkErrors), DisableDiscoveryEnumeration = true)]
    public async Task A_network_error_of_a_function_is_transient(Exception cause)
    {
        var exception = (await Awaiting(() => throw cause).Should().ThrowAsync<SpeechConnectionException>()).Which;

        exception.IsTransient.Should().BeTrue();
        exception.InnerException.Should().BeSameAs(cause);
        exception.Message.Should().NotContain("hush");
    }

    [Fact]
    public async Task Other_errors_of_a_function_are_authentication_errors()
    {
        var cause = new InvalidOperationException("hush");

        var exception = (await Awaiting(() => throw cause).Should().ThrowAsync<SpeechAuthenticationException>()).Which;

        exception.InnerException.Should().BeSameAs(cause);
        exception.Message.Should().NotContain("hush");
    }

    [Fact]
    public async Task A_functions_error_that_quotes_an_earlier_token_is_replaced()
    {
        var redactor = new Redactor();
        redactor.Add("the-earlier-token");
        using var service = new TokenService(new StubHandler(_ => throw new InvalidOperationException()), redactor, TimeProvider.System, TimeSpan.FromSeconds(1));
        var credential = SpeechCredential.FromDelegate(_ => throw new HttpRequestException("GET /renew/the-earlier-token failed"));

        var exception = (await FluentActions.Awaiting(() => credential.RequestAsync(service, TestContext.Current.CancellationToken).AsTask())
            .Should().ThrowAsync<SpeechConnectionException>()).Which;

        exception.ToString().Should().NotContain("the-earlier-token").And.Contain("GET /renew/*** failed");
    }

    [Fact]
    public async Task Typed_errors_and_cancellation_pass_through_a_function()
    {
        var typed = new SpeechProtocolException("typed");
        using var cancel = new CancellationTokenSource();
        await cancel.CancelAsync();
        var canceled = () => SpeechCredential.FromDelegate(token => ValueTask.FromCanceled<SpeechToken>(token)).RequestAsync(NoService, cancel.Token).AsTask();

        (await Awaiting(() => throw typed).Should().ThrowAsync<SpeechProtocolException>()).Which.Should().BeSameAs(typed);
        (await canceled.Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(cancel.Token);
    }

    private static Func<Task> Awaiting(Func<SpeechToken> getToken) => () => RequestAsync(getToken);

    private static Task<SpeechToken> RequestAsync(Func<SpeechToken> getToken) =>
        SpeechCredential.FromDelegate(_ => new(getToken())).RequestAsync(NoService, TestContext.Current.CancellationToken).AsTask();
}
