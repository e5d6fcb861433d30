using System.Diagnostics;

namespace SpeechStream.AspNetCore.Tests;

/// <summary>A trace leads from the page's request to its session.</summary>
public sealed class TracingTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_span_of_a_session_is_a_child_of_the_request_that_began_it(bool isFile)
    {
        var (trace, origin) = (ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom());
        var spans = new System.Collections.Concurrent.ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "SpeechStream" or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> creation) =>
                creation.Parent.TraceId == trace ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None, // other tests run, too
            ActivityStarted = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var server = await Server.StartAsync(Server.Unpaced);
        var caller = $"00-{trace}-{origin}-01";

        if (isFile)
        {
            using var http = new HttpClient { DefaultRequestHeaders = { { "traceparent", caller } } };
            using var answer = await http.PutAsync(new Uri(server.Address, "listen/file"), new ByteArrayContent(await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "ivr-prompts.wav"))));
        }
        else
        {
            using var page = await Page.OpenAsync(server, caller: caller);
            await page.SendAsync(Speech.Noise(1));
            await page.EndAsync();
            await page.ReadToEndAsync();
        }

        var session = spans.Should().ContainSingle(span => span.Source.Name == "SpeechStream").Subject;
        var request = spans.Should().ContainSingle(span => span.ParentSpanId == origin && span.Source.Name == "Microsoft.AspNetCore").Subject; // the gateway has requests, too
        session.OperationName.Should().Be("speechstream.session");
        session.ParentSpanId.Should().Be(request.SpanId);
    }
}
