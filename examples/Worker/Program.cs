// A service that transcribes until it is stopped (Ctrl+C): the source ends first, and what was said before is still transcribed.
// Spans on the console, metrics for Prometheus at http://localhost:9464/metrics.
// With an account: set SpeechStream__AppKey, SpeechStream__AccessKeyId and SpeechStream__AccessKeySecret. Without: a local gateway serves.
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using SpeechStream.Gateway;
using Worker;

var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppContext.BaseDirectory });
await using var gateway = builder.Configuration["SpeechStream:AppKey"] is null ? await LocalGateway.StartAsync() : null;
if (gateway is not null)
{
    builder.Configuration.AddInMemoryCollection(
    [
        new("SpeechStream:Endpoint", gateway.Endpoint.ToString()), new("SpeechStream:AppKey", "any"), new("SpeechStream:Token", "any"),
    ]);
}

builder.Services.AddSpeechStream(builder.Configuration.GetSection("SpeechStream"));
builder.Services.AddHostedService<TranscriptionWorker>();
builder.Services.AddOpenTelemetry()
    .WithTracing(tracing => tracing.AddSource("SpeechStream").AddConsoleExporter())
    .WithMetrics(metrics => metrics.AddMeter("SpeechStream").AddPrometheusHttpListener());
await builder.Build().RunAsync();
