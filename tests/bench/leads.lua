-- Posts leads, each of which is another one: wrk ... -- SECONDS AREA BODY
-- BODY holds "{number}" wherever it is to differ; AREA is an area code that no other run uses.

local pace = require("pace")
local STRIDE = 1234577
local NUMBERS = 8000000
local threads = 0
local area, body, count

function setup(thread)
  thread:set("place", threads)
  threads = threads + 1
end

function init(arguments)
  pace.start(tonumber(arguments[1]))
  area, body = arguments[2], arguments[3]
  count = place * NUMBERS / 4
end

-- Seven digits that are scattered as real ones are, so that the indexes have real work, and never repeat.
function request()
  count = count + 1
  local number = string.format("%s%07d", area, 2000000 + count * STRIDE % NUMBERS)
  return wrk.format("POST", nil, nil, (body:gsub("{number}", number)))
end
