using Microsoft.Extensions.Logging.Abstractions;
using SpeechStream.Auth;
using SpeechStream.Diagnostics;

namespace SpeechStream.Tests.Auth;

/// <summary>One credential of several clients.</summary>
public sealed class SharedCredentialTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task A_shared_function_is_called_once_at_a_time()
    {
        var (running, most) = (0, 0);
        var credential = SpeechCredential.FromDelegate(async _ =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            for (var turn = 0; turn < 100; turn++)
            {
                await Task.Yield();
            }

            Interlocked.Decrement(ref running);
            return new SpeechToken { Id = "token" };
        });

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => GetAsync(credential)));

        most.Should().Be(1);
    }

    [Fact]
    public async Task A_call_that_is_given_up_lets_another_client_call()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isFirst = true;
        var credential = SpeechCredential.FromDelegate(_ =>
        {
            var silent = isFirst;
            isFirst = false;
            asked.TrySetResult();
            return silent ? new(new TaskCompletionSource<SpeechToken>().Task) : new(new SpeechToken { Id = "token" });
        });
        var first = GetAsync(credential);
        await asked.Task;
        _time.Advance(TimeSpan.FromSeconds(10));
        await FluentActions.Awaiting(() => first).Should().ThrowAsync<SpeechConnectionException>();

        (await GetAsync(credential)).Id.Should().Be("token");
    }

    private async Task<SpeechToken> GetAsync(SpeechCredential credential)
    {
        using var service = new TokenService(new StubHandler(_ => throw new InvalidOperationException()), new Redactor(), _time, TimeSpan.FromSeconds(10));
        return await new TokenCache(credential, service, new Redactor(), NullLogger.Instance, _time, CancellationToken.None).GetAsync(TestContext.Current.CancellationToken);
    }
}
