using Polly;
using Polly.Retry;
using Polly.Timeout;
using SpeechStream.Protocol;

namespace SpeechStream.Session;

/// <summary>When and how often connecting is tried again. One for a client; what a session has used up is in its <see cref="RetryBudget"/>.</summary>
/// <remarks>Retries are outside, the time-out of an attempt is inside. The budget is the session's and not Polly's, whose count begins anew at each execution.</remarks>
internal sealed class ConnectPolicy
{
    private static readonly ResiliencePropertyKey<RetryBudget> BudgetKey = new("SpeechStream.RetryBudget");

    // The task that just died may still hold its place in the service's quota.
    private static readonly TimeSpan ShortestQuotaDelay = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(1);

    private readonly ResiliencePipeline _retry;
    private readonly ResiliencePipeline _connectLimit;
    private readonly ResiliencePipeline _startLimit;
    private readonly SpeechStreamClientOptions _options;
    private readonly Func<double> _random;

    /// <param name="options">The client's options.</param>
    /// <param name="random">Gives the jitter of delays: from 0 up to less than 1.</param>
    public ConnectPolicy(SpeechStreamClientOptions options, Func<double> random)
    {
        (_options, _random) = (options, random);
        HasOwnRetry = options.ConnectPipeline is null;
        _retry = options.ConnectPipeline ?? Builder().AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = int.MaxValue,
            Delay = options.ReconnectDelay,
            MaxDelay = options.MaxReconnectDelay,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Randomizer = random,
            ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is SpeechStreamException failure && Budget(args.Context).Allows(failure)),
            DelayGenerator = args => ValueTask.FromResult(SpecialDelay(args.Outcome.Exception, Budget(args.Context).Spent)),
            OnRetry = args =>
            {
                Budget(args.Context).Spend((SpeechStreamException)args.Outcome.Exception!, args.RetryDelay);
                return ValueTask.CompletedTask;
            },
        }).Build();
        _connectLimit = Builder().AddTimeout(options.ConnectTimeout).Build();
        _startLimit = Builder().AddTimeout(options.StartTimeout).Build();
    }

    /// <summary>The retries are ours, with delays that we know; false when the user's pipeline decides.</summary>
    public bool HasOwnRetry { get; }

    /// <summary>Runs attempts until one succeeds, or none is left.</summary>
    public async Task<ConnectionPump> ExecuteAsync(RetryBudget budget, Func<CancellationToken, ValueTask<ConnectionPump>> attempt, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, cancellationToken);
        context.Properties.Set(BudgetKey, budget);
        try
        {
            return await _retry.ExecuteAsync(static (context, attempt) => attempt(context.CancellationToken), context, attempt).ConfigureAwait(false);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>Bounds the handshake by <see cref="SpeechStreamClientOptions.ConnectTimeout"/>.</summary>
    public ValueTask<T> LimitConnectAsync<T>(Func<CancellationToken, ValueTask<T>> connect, CancellationToken cancellationToken) =>
        LimitAsync(_connectLimit, connect, $"No connection to {_options.Endpoint.Authority} within ConnectTimeout ({_options.ConnectTimeout}). Check the network, the endpoint and the proxy.", cancellationToken);

    /// <summary>Bounds the answer to the start message by <see cref="SpeechStreamClientOptions.StartTimeout"/>.</summary>
    public ValueTask<T> LimitStartAsync<T>(Func<CancellationToken, ValueTask<T>> start, CancellationToken cancellationToken) =>
        LimitAsync(_startLimit, start, $"The service didn't answer the start message within StartTimeout ({_options.StartTimeout}).", cancellationToken);

    private static async ValueTask<T> LimitAsync<T>(
        ResiliencePipeline limit, Func<CancellationToken, ValueTask<T>> call, string message, CancellationToken cancellationToken)
    {
        try
        {
            return await limit.ExecuteAsync(static (call, token) => call(token), call, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutRejectedException exception)
        {
            throw new SpeechConnectionException(message, exception) { IsTransient = true };
        }
    }

    private static RetryBudget Budget(ResilienceContext context) => context.Properties.GetValue(BudgetKey, null!);

    /// <summary>The delay where the failure itself asks for one; null for the usual.</summary>
    private TimeSpan? SpecialDelay(Exception? failure, int spent) => failure switch
    {
        SpeechStreamException { Retry: Retry.Quota } => ShortestQuotaDelay * (1 << Math.Min(spent, 3)) * (1 + _random() / 2),
        SpeechStreamException { RetryAfter: { } wait } when wait > TimeSpan.Zero => wait < LongestRetryAfter ? wait : LongestRetryAfter,
        _ => null,
    };

    private ResiliencePipelineBuilder Builder() => new() { TimeProvider = _options.TimeProvider };
}
