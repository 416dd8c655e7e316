-- wrk: a random person asks for, or joins, a random activity. BENCH_JOIN says which; BENCH_TOKENS and BENCH_ACTIVITIES are files of
-- one token, one id in a line. Requests are put together by hand: the client shares its processors with what is measured.
local function lines(name)
    local all = {}
    for line in io.lines(os.getenv(name)) do all[#all + 1] = line end
    return all
end

local tokens, activities = lines("BENCH_TOKENS"), lines("BENCH_ACTIVITIES")
local base = "/api/v1/participation/activities/"
local first, middle = "GET " .. base, ""
if os.getenv("BENCH_JOIN") == "1" then
    first, middle = "POST " .. base, "/join"
end
middle = middle .. " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "

local threads = 0
function setup(thread)
    threads = threads + 1
    thread:set("seed", threads)
end

function init()
    math.randomseed(os.time() + 1000 * seed)
end

function request()
    return first .. activities[math.random(#activities)] .. middle .. tokens[math.random(#tokens)] .. "\r\n\r\n"
end
