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

    [Fact]
    public async Task A_failure_after_the_limit_isnt_left_unobserved()
    {
        var unobserved = 0;
        EventHandler<UnobservedTaskExceptionEventArgs> count = (_, failed) => unobserved += failed.Exception.ToString().Contains("too late", StringComparison.Ordinal) ? 1 : 0;
        TaskScheduler.UnobservedTaskException += count;
        try
        {
            // Some of many: the newest objects may still be on a stack.
            for (var round = 0; round < 20; round++)
            {
                await FailTooLateAsync();
            }

            for (var round = 0; round < 3; round++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }

            unobserved.Should().Be(0);
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= count;
        }
    }

    private static async Task FailTooLateAsync()
    {
        var limited = new TokenTimeLimitTests();
        await limited.FailureAsync(limited.Options(SpeechCredential.FromDelegate(async _ =>
        {
            limited._asked.SetResult();
            return await limited._silence.Task;
        })));
        limited._silence.SetException(new InvalidOperationException("too late"));
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
