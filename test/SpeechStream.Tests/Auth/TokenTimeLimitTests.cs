namespace SpeechStream.Tests.Auth;

/// <summary>Sources of tokens that stay silent: whoever waits is told which one.</summary>
public sealed class TokenTimeLimitTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<SpeechToken> _silence = new();

    [Fact]
    public async Task A_silent_token_service_is_named()
    {
        var options = Options(SpeechCredential.FromAccessKey("id", "secret", tokenEndpoint: new Uri("http://localhost:81/")));
        options.ConfigureHandler = handler => handler.ConnectCallback = async (_, cancellationToken) =>
        {
            _asked.SetResult();
            await _silence.Task.WaitAsync(cancellationToken);
            throw new InvalidOperationException("never");
        };

        (await FailureAsync(options)).Message.Should().Contain("token service at localhost:81").And.Contain("ConnectTimeout (00:00:10)");
    }

    [Fact]
    public async Task A_silent_function_is_named() =>
        (await FailureAsync(Options(SpeechCredential.FromDelegate(_ =>
        {
            _asked.SetResult();
            return new(_silence.Task);
        })))).Message.Should().Contain("credential's function").And.Contain("ConnectTimeout (00:00:10)");

    [Fact]
    public async Task A_function_that_blocks_is_named()
    {
        using var release = new ManualResetEventSlim();
        try
        {
            var failure = await FailureAsync(Options(SpeechCredential.FromDelegate(_ =>
            {
                _asked.SetResult();
                release.Wait(CancellationToken.None);
                return new(new SpeechToken { Id = "late" });
            })));

            failure.Message.Should().Contain("credential's function").And.Contain("ConnectTimeout (00:00:10)");
        }
        finally
        {
            release.Set();
        }
    }

    private async Task<SpeechConnectionException> FailureAsync(SpeechStreamClientOptions options)
    {
        await using var client = new SpeechStreamClient(options, loggerFactory: null, connect: (_, _) => throw new InvalidOperationException("never"));
        var starting = client.StartSessionAsync(cancellationToken: TestContext.Current.CancellationToken);
        await _asked.Task;

        _time.Advance(TimeSpan.FromSeconds(10));

        var failure = (await FluentActions.Awaiting(() => starting).Should().ThrowAsync<SpeechConnectionException>()).Which;
        failure.IsTransient.Should().BeTrue();
        return failure;
    }

    private SpeechStreamClientOptions Options(SpeechCredential credential) => new()
    {
        AppKey = "app-key",
        Credential = credential,
        Endpoint = new Uri("ws://localhost:80/"),
        MaxReconnectAttempts = 0,
        TimeProvider = _time,
    };
}
