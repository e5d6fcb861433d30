using System.Collections;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SpeechStream.Tests.Hosting;

public sealed class ReloadTests
{
    private const int Reloaded = 10;
    private const int ReloadRefused = 11;

    [Fact]
    public void A_reload_changes_new_sessions_only()
    {
        using var registered = new Registered(("StopTimeout", "00:00:03")).Add();
        var before = registered.Client.Context;
        registered.Set(("StopTimeout", "00:00:04"));

        registered.Configuration.Reload();

        registered.Options.StopTimeout.Should().Be(TimeSpan.FromSeconds(4));
        before.Options.StopTimeout.Should().Be(TimeSpan.FromSeconds(3));
        registered.Log.Entries.Should().ContainSingle().Which.Id.Should().Be(Reloaded);
    }

    [Fact]
    public void An_invalid_reload_is_logged_and_keeps_the_old_values()
    {
        using var registered = new Registered().Add();
        registered.Start();
        var before = registered.Client.Context;
        registered.Set(("StopTimeout", "never"));

        registered.Invoking(r => r.Configuration.Reload()).Should().NotThrow();

        registered.Client.Context.Should().BeSameAs(before);
        var entry = registered.Log.Entries.Should().ContainSingle(entry => entry.Level > LogLevel.Debug).Subject;
        entry.Id.Should().Be(ReloadRefused);
        entry.Text.Should().Contain("SpeechStream:StopTimeout");
    }

    [Fact]
    public void A_valid_reload_after_an_invalid_one_takes_effect()
    {
        using var registered = new Registered().Add();
        _ = registered.Client;
        registered.Set(("StopTimeout", "never"));
        registered.Configuration.Reload();
        registered.Set(("StopTimeout", "00:00:04"));

        registered.Configuration.Reload();

        registered.Options.StopTimeout.Should().Be(TimeSpan.FromSeconds(4));
    }

    [Fact]
    public void A_reload_that_changes_nothing_of_the_client_keeps_its_token()
    {
        using var registered = new Registered(("Token", ""), ("AccessKeyId", "id"), ("AccessKeySecret", "secret")).Add();
        var before = registered.Client.Context;

        registered.Configuration.Reload();

        registered.Client.Context.Should().BeSameAs(before);
        registered.Log.Entries.Should().BeEmpty();
    }

    [Fact]
    public void The_limit_of_sessions_holds_across_an_unrelated_reload()
    {
        using var registered = new Registered(("MaxConcurrentSessions", "2")).Add();
        IsFree(registered.Client).Should().BeTrue();
        registered.Set(("StopTimeout", "00:00:04"));

        registered.Configuration.Reload();

        IsFree(registered.Client).Should().BeTrue();
        IsFree(registered.Client).Should().BeFalse();
    }

    [Fact]
    public void Credentials_of_the_same_function_are_equal()
    {
        var tokenServer = new object();
        using var registered = new Registered(("Token", "")).Add(options => options.Credential = SpeechCredential.FromDelegate(_ => new(new SpeechToken { Id = tokenServer.ToString()! })));
        var before = registered.Client.Context;

        registered.Configuration.Reload();

        registered.Client.Context.Should().BeSameAs(before);
    }

    [Fact]
    public async Task A_higher_limit_admits_waiting_sessions()
    {
        using var registered = new Registered(("MaxConcurrentSessions", "1")).Add();
        var places = registered.Client.Context.Places;
        await places.TakeAsync(default);
        var waiting = places.TakeAsync(default);
        registered.Set(("MaxConcurrentSessions", "3"));

        registered.Configuration.Reload();

        await waiting;
        IsFree(registered.Client).Should().BeTrue("there is a third place");
        IsFree(registered.Client).Should().BeFalse("there is no fourth");
    }

    [Fact]
    public async Task A_lower_limit_counts_the_running_sessions()
    {
        using var registered = new Registered(("MaxConcurrentSessions", "3")).Add();
        IsFree(registered.Client).Should().BeTrue();
        IsFree(registered.Client).Should().BeTrue();
        registered.Set(("MaxConcurrentSessions", "1"));

        registered.Configuration.Reload();

        var places = registered.Client.Context.Places;
        using var source = new CancellationTokenSource();
        var waiting = places.TakeAsync(source.Token);
        waiting.IsCompleted.Should().BeFalse("two run");
        places.Release();
        waiting.IsCompleted.Should().BeFalse("one runs on");
        source.Cancel();
        await waiting.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
        places.Release();
        IsFree(registered.Client).Should().BeTrue();
        IsFree(registered.Client).Should().BeFalse();
    }

    [Fact]
    public void Named_clients_reload_their_own_section()
    {
        using var registered = new Registered().Add();
        registered.Services.AddSpeechStream("calls", registered.Configuration.GetSection("Calls"), options => options.Credential = SpeechCredential.FromToken("t"));
        registered.Configuration["Calls:AppKey"] = "first";
        var calls = registered.Provider.GetRequiredKeyedService<SpeechStreamClient>("calls");
        registered.Configuration["Calls:AppKey"] = "second";

        registered.Configuration.Reload();

        calls.Context.Options.AppKey.Should().Be("second");
        registered.Options.AppKey.Should().Be("app-key");
    }

    [Fact]
    public void Nothing_is_reloaded_after_the_container_is_gone()
    {
        var registered = new Registered().Add();
        var client = registered.Client;
        registered.Dispose();
        registered.Set(("StopTimeout", "00:00:04"));

        registered.Configuration.Reload();

        client.Context.Options.StopTimeout.Should().Be(TimeSpan.FromSeconds(10));
        registered.Log.Entries.Should().BeEmpty();
    }

    [Fact]
    public async Task A_lower_limit_holds_for_sessions_that_wait_already()
    {
        using var registered = new Registered(("MaxConcurrentSessions", "2")).Add();
        var places = registered.Client.Context.Places;
        Task[] sessions = [.. Enumerable.Range(0, 4).Select(_ => places.TakeAsync(default))];
        registered.Set(("MaxConcurrentSessions", "1"));

        registered.Configuration.Reload();

        places.Release();
        sessions[2].IsCompleted.Should().BeFalse("one of the first two runs on");
        places.Release();
        await sessions[2];
        sessions[3].IsCompleted.Should().BeFalse();
    }

    [Fact]
    public void A_new_limit_counts_the_running_sessions()
    {
        using var registered = new Registered().Add();
        IsFree(registered.Client).Should().BeTrue();
        registered.Set(("MaxConcurrentSessions", "2"));

        registered.Configuration.Reload();

        IsFree(registered.Client).Should().BeTrue();
        IsFree(registered.Client).Should().BeFalse();
    }

    [Fact]
    public async Task A_session_made_during_a_reload_can_connect()
    {
        using var registered = new Registered().Add(options =>
        {
            options.MaxReconnectAttempts = 0;
            options.ConfigureHandler = handler => handler.ConnectCallback = (_, _) => throw new IOException("The handler was asked.");
        });
        var client = registered.Client;
        var options = new TranscriptionOptions
        {
            AdditionalParameters = new Parameters(() =>
            {
                registered.Set(("StopTimeout", "00:00:04"));
                registered.Configuration.Reload();
            }),
        };

        var session = client.CreateSession(options);

        var thrown = await session.Awaiting(made => made.StartAsync()).Should().ThrowAsync<SpeechConnectionException>();
        thrown.Which.ToString().Should().Contain("The handler was asked.");
    }

    [Fact]
    public async Task A_connection_made_in_advance_survives_a_reload()
    {
        using var registered = new Registered();
        registered.Add(options =>
        {
            options.ConfigureHandler = handler => handler.ConnectCallback = (_, _) => throw new IOException("The handler was asked.");
            options.Credential = SpeechCredential.FromDelegate(_ =>
            {
                registered.Set(("StopTimeout", "00:00:04"));
                registered.Configuration.Reload();
                return ValueTask.FromResult(new SpeechToken { Id = "token" });
            });
        });

        var thrown = await registered.Client.Awaiting(client => client.PrewarmAsync()).Should().ThrowAsync<SpeechConnectionException>();

        thrown.Which.ToString().Should().Contain("The handler was asked.");
    }

    [Fact]
    public async Task A_reload_that_is_running_at_disposal_leaves_no_open_handler()
    {
        SpeechStreamClient? disposedAtReload = null;
        using var registered = new Registered().Add(_ => disposedAtReload?.Dispose());
        var client = registered.Client;
        registered.Set(("StopTimeout", "00:00:04"));
        disposedAtReload = client;

        registered.Configuration.Reload();

        using var invoker = new HttpMessageInvoker(client.Context.Connector.Handler, disposeHandler: false);
        await invoker.Awaiting(made => made.SendAsync(new(HttpMethod.Get, "http://127.0.0.1:9"), default)).Should().ThrowAsync<ObjectDisposedException>();
    }

    /// <summary>Takes a place if there is one.</summary>
    private static bool IsFree(SpeechStreamClient client)
    {
        using var source = new CancellationTokenSource();
        var taking = client.Context.Places.TakeAsync(source.Token);
        source.Cancel();
        return taking.IsCompletedSuccessfully;
    }

    /// <summary>Parameters that do something when they are first read.</summary>
    private sealed class Parameters(Action read) : IReadOnlyDictionary<string, JsonNode?>
    {
        private readonly Dictionary<string, JsonNode?> _parameters = new() { ["name"] = 1 };
        private Action _read = read;

        public IEnumerable<string> Keys => Read().Keys;

        public IEnumerable<JsonNode?> Values => Read().Values;

        public int Count => _parameters.Count;

        public JsonNode? this[string key] => _parameters[key];

        public bool ContainsKey(string key) => _parameters.ContainsKey(key);

        public bool TryGetValue(string key, out JsonNode? value) => _parameters.TryGetValue(key, out value);

        public IEnumerator<KeyValuePair<string, JsonNode?>> GetEnumerator() => Read().GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        private Dictionary<string, JsonNode?> Read()
        {
            var read = _read;
            _read = () => { };
            read();
            return _parameters;
        }
    }
}
