using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace SpeechStream.Fleet.Tests.Work;

public sealed class HostingTests
{
    [Fact]
    public async Task A_host_runs_a_worker_and_tells_its_health_and_its_figures()
    {
        await using var fixture = await WorkerFixture.StartAsync();
        var samples = await fixture.SubmitAsync("a.wav", 6);
        await fixture.SubmitAsync("bad.wav", [1, 2, 3, 4, 5, 6, 7, 8, 9]);
        using var figures = new Figures();
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddSpeechStream(options =>
        {
            (options.AppKey, options.Credential, options.Endpoint) = ("app-key", SpeechCredential.FromToken("token"), fixture.Gateway.Endpoint);
        });
        builder.Services.AddSpeechStreamFleet(fixture.Address, worker => worker.Transcription.SendRate = double.PositiveInfinity);
        using var host = builder.Build();
        await host.StartAsync();
        await WorkerFixture.UntilAsync(async () => await fixture.Fleet.StatusAsync() is { Done: 1, Poison: 1 });

        var health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        health.Entries["speechstream-fleet"].Should().BeEquivalentTo(new { Status = HealthStatus.Degraded, Description = "Recordings that are set aside: 1." });
        await fixture.ShouldBeAsync("a.wav", samples);
        figures.Sum("speechstream.fleet.finals").Should().BeGreaterThanOrEqualTo(3);
        figures.Sum("speechstream.fleet.state.duration", "queued").Should().BePositive();
        figures.Names.Should().BeEquivalentTo(
            "speechstream.fleet.finals", "speechstream.fleet.redeliveries", "speechstream.fleet.state.duration", "speechstream.fleet.jobs", "speechstream.fleet.places");
        await host.StopAsync();
        host.Services.GetRequiredService<SpeechFleet>().Should().NotBeSameAs(fixture.Fleet);
    }

    [Fact]
    public async Task A_fleet_that_cannot_be_asked_is_unhealthy()
    {
        await using var services = new ServiceCollection().AddLogging().AddSpeechStreamFleet("postgres://127.0.0.1:1/base").BuildServiceProvider();

        var health = await services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        health.Status.Should().Be(HealthStatus.Unhealthy);
    }

    private sealed class Figures : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly Dictionary<string, double> _sums = [];

        public Figures()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "SpeechStream.Fleet")
                {
                    Add(instrument.Name, 0);
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument.Name, value));
            _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add($"{instrument.Name} {tags[0].Value}", value));
            _listener.Start();
        }

        public IEnumerable<string> Names
        {
            get
            {
                lock (_sums)
                {
                    return [.. _sums.Keys.Where(name => !name.Contains(' ', StringComparison.Ordinal))];
                }
            }
        }

        public double Sum(string name, string? tag = null)
        {
            lock (_sums)
            {
                return _sums[tag is null ? name : $"{name} {tag}"];
            }
        }

        public void Dispose() => _listener.Dispose();

        private void Add(string name, double value)
        {
            lock (_sums)
            {
                _sums[name] = _sums.GetValueOrDefault(name) + value;
            }
        }
    }
}
